"""How the web server runs: its master, its workers, and how they leave.

Nothing here imports the application: gevent must change the standard library before anything of it is loaded.
"""
