"""How the web server runs: its front, the masters below it, their web processes, and how they leave.

Nothing here imports the application: gevent must change the standard library before anything of it is loaded.
"""
