"""Operations that routes and jobs call, in one folder for each noun."""
