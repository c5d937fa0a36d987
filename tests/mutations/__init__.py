"""`make test-mutations`: does a test fail without a defence?"""
