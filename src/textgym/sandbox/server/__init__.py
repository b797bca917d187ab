"""The program inside a sandbox: supervisor (S), zygote (Z), and the child that becomes the tested program.

Nothing here is imported in the host. `textgym.sandbox.supervisor` reads these files as text and sends them to a bare
`python3` inside the sandbox, so any image with Python 3.9 and its standard library will do, and the image never grows
stale. Hence the rules of this folder: standard library only, nothing of textgym outside it, Python 3.9.

    host  <->  S `main`            the protocol, pipes, clocks, the kill and the wipe. PID 1 of its PID namespace.
               Z `zygote`          has the standard library preloaded, forks, never sees a payload.
               child `program`     own uid, limits, seccomp filter, no capability; unpacks its files, runs the program.
"""
