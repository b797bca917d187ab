"""Attacks that reach for what is not theirs: the supervisor, the kernel, rights, devices, namespaces, the network."""

from textgym.sandbox.conformance.attack import Attack
from textgym.sandbox.limits import Limits

_SIGSYS = 31

SUPERVISOR = [
    Attack(
        20,
        "reads_the_supervisor",
        "Environment, memory, files and maps of the supervisor cannot be read.",
        """
seen = 0
for pid in sorted(filter(str.isdigit, os.listdir("/proc")), key=int):
    if int(pid) == os.getpid():
        continue
    seen += 1
    base = "/proc/" + pid + "/"
    for name in ("environ", "mem", "maps", "smaps", "auxv", "pagemap", "syscall", "stack"):
        def read(path=base + name):
            with open(path, "rb") as file:
                return file.read(64) or b"(readable)"
        attempt(base + name, read)
    for name in ("fd", "map_files", "fdinfo"):
        attempt(base + name, lambda path=base + name: os.listdir(path))
    for name in ("root", "cwd", "exe"):
        attempt(base + name, lambda path=base + name: os.readlink(path))
    attempt(base + "mem for writing", lambda path=base + "mem": os.open(path, os.O_RDWR))
    attempt(base + "oom_score_adj", lambda path=base + "oom_score_adj": os.open(path, os.O_RDWR))
print("processes seen:", seen)
done()
""",
        completes=True,
        telling=True,
    ),
    Attack(
        23,
        "traces_the_supervisor",
        "No process can be traced, and no memory but its own read.",
        """
PTRACE_ATTACH, PTRACE_SEIZE = 16, 0x4206
buffer = ctypes.create_string_buffer(64)
class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
local, remote = Vector(ctypes.addressof(buffer), 64), Vector(0x400000, 64)
child = os.fork()
if child == 0:
    import time
    time.sleep(60)
    os._exit(0)
for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()):
    for how in (PTRACE_ATTACH, PTRACE_SEIZE):
        attempt("ptrace %d" % pid, lambda pid=pid, how=how: syscall((101, 117), how, pid, 0, 0))
    for numbers in ((310, 270), (311, 271)):
        attempt("process_vm %d" % pid, lambda pid=pid, numbers=numbers: syscall(
            numbers, pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0))
    attempt("kcmp %d" % pid, lambda pid=pid: syscall((312, 272), os.getpid(), pid, 0, 0, 0))
attempt("ptrace traceme", lambda: syscall((101, 117), 0, 0, 0, 0))
os.kill(child, 9)
done()
""",
        completes=True,
        telling=True,
    ),
    Attack(
        24,
        "kills_the_supervisor",
        "Nothing but a program's own processes can be signalled.",
        """
import signal
mine = os.getpid()
for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != mine):
    for number in (0, signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        attempt("signal %d to %d" % (number, pid), lambda pid=pid, number=number: os.kill(pid, number))
child = os.fork()
if child == 0:
    while True:
        signal.pause()
try:
    os.kill(-1, signal.SIGKILL)
except OSError as error:
    print("held: kill everything", error)
    os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
done()
""",
        completes=True,
        telling=True,
    ),
]

RIGHTS = [
    Attack(
        25,
        "raises_its_limits",
        "No limit can be raised, no priority gained.",
        """
import resource
for name in ("AS", "CPU", "NPROC", "FSIZE", "NOFILE", "CORE"):
    kind = getattr(resource, "RLIMIT_" + name)
    soft, hard = resource.getrlimit(kind)
    expect("limit %s is set: %d" % (name, hard), hard != resource.RLIM_INFINITY)
    attempt("raise " + name, lambda kind=kind, soft=soft, hard=hard: resource.setrlimit(kind, (soft, hard + 1)))
    attempt("unlimit " + name, lambda kind=kind: resource.setrlimit(kind, (resource.RLIM_INFINITY,) * 2))
expect("no core files", resource.getrlimit(resource.RLIMIT_CORE)[1] == 0)
def protect():
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-1000")
attempt("be spared when memory is short", protect)
attempt("gain priority", lambda: os.nice(-5))
attempt("become a real-time process", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
done()
""",
        completes=True,
        telling=True,
    ),
    Attack(
        26,
        "becomes_root",
        "A program runs without root, capabilities or any way to gain them.",
        """
status = dict(line.rstrip().split(":", 1) for line in open("/proc/self/status"))
fields = {name: value.strip() for name, value in status.items()}
expect("not root", "0" not in fields["Uid"].split() and "0" not in fields["Gid"].split())
expect("no groups: " + fields["Groups"], not {"0"} & set(fields["Groups"].split()))
for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
    expect("no capabilities: %s %s" % (name, fields[name]), int(fields[name], 16) == 0)
expect("no new privileges", fields["NoNewPrivs"] == "1")
expect("a system call filter", fields["Seccomp"] == "2")
attempt("setuid", lambda: os.setuid(0))
attempt("setgid", lambda: os.setgid(0))
attempt("setresuid", lambda: os.setresuid(0, 0, 0))
attempt("setreuid", lambda: os.setreuid(-1, 0))
attempt("setgroups", lambda: os.setgroups([0]))
attempt("another uid", lambda: os.setuid(os.getuid() + 1))
for program in ("su", "sudo", "mount", "passwd", "newuidmap", "ping"):
    for place in ("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/"):
        if os.path.exists(place + program) and program == "su":
            got = os.spawnv(os.P_WAIT, place + program, [program, "-c", "id -u >/dev/null"])
            expect("su refused: %d" % got, got != 0)
attempt("file capabilities", lambda: os.setxattr("/proc/self/exe", "security.capability", b"\\x01" * 20))
done()
""",
        completes=True,
        telling=True,
    ),
    Attack(
        27,
        "opens_devices",
        "No device can be made or opened but the harmless ones.",
        """
import stat
for name, kind, major, minor in (("disk", stat.S_IFBLK, 254, 0), ("sda", stat.S_IFBLK, 8, 0), ("mem", stat.S_IFCHR, 1, 1)):
    attempt("mknod " + name, lambda: os.mknod(name, kind | 0o666, os.makedev(major, minor)))
for name in ("mem", "kmem", "port", "kmsg", "vda", "sda", "nvme0n1", "loop0", "loop-control", "kvm", "fuse", "mapper/control",
             "vsock", "vhost-vsock", "vhost-net", "net/tun", "uinput", "snapshot", "hpet", "rtc0", "console", "tty0"):
    attempt("/dev/" + name, lambda: os.open("/dev/" + name, os.O_RDONLY | os.O_NONBLOCK))
harmless = {"null", "zero", "full", "random", "urandom", "tty", "ptmx"}
for name in sorted(os.listdir("/dev")):
    path = "/dev/" + name
    mode = os.lstat(path).st_mode
    if stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and name not in harmless):
        attempt(path, lambda: os.open(path, os.O_RDONLY | os.O_NONBLOCK))
done()
""",
        completes=True,
    ),
    Attack(
        28,
        "makes_namespaces",
        "No namespace can be made or entered, nothing mounted, no root changed.",
        """
KINDS = {"mount": 0x20000, "cgroup": 0x2000000, "uts": 0x4000000, "ipc": 0x8000000, "user": 0x10000000,
         "pid": 0x20000000, "net": 0x40000000, "time": 0x80}
for name, flag in KINDS.items():
    attempt("unshare " + name, lambda: syscall((272, 97), flag))
    attempt("unshare user and " + name, lambda: syscall((272, 97), flag | KINDS["user"]))
    def clone():
        got = syscall((56, 220), flag | 17, 0, 0, 0, 0)
        if got == 0:
            os._exit(0)
        return got
    if name != "time":
        attempt("clone " + name, clone)
def clone3():
    arguments = (ctypes.c_uint64 * 11)(KINDS["user"], 0, 0, 0, 17)
    got = syscall((435, 435), ctypes.byref(arguments), 88)
    if got == 0:
        os._exit(0)
    return got
attempt("clone3 user", clone3)
os.mkdir("m")
text = ctypes.c_char_p
attempt("mount", lambda: syscall((165, 40), text(b"none"), text(b"m"), text(b"tmpfs"), 0, 0))
attempt("bind", lambda: syscall((165, 40), text(b"/"), text(b"m"), 0, 4096, 0))
attempt("remount", lambda: syscall((165, 40), text(b"none"), text(b"/"), 0, 32, 0))
attempt("umount", lambda: syscall((166, 39), text(b"/proc"), 2))
attempt("pivot_root", lambda: syscall((155, 41), text(b"."), text(b"m")))
attempt("chroot", lambda: os.chroot("."))
attempt("fsopen", lambda: syscall(430, text(b"tmpfs"), 0))
attempt("open_tree", lambda: syscall(428, -100, text(b"/"), 1))
attempt("move_mount", lambda: syscall(429, -100, text(b"/"), -100, text(b"m"), 0))
attempt("mount_setattr", lambda: syscall(442, -100, text(b"/"), 0, 0, 0))
for name in os.listdir("/proc/1/ns") if os.access("/proc/1/ns", os.R_OK) else ():
    attempt("enter " + name, lambda: syscall((308, 268), os.open("/proc/1/ns/" + name, os.O_RDONLY), 0))
attempt("enter its own", lambda: syscall((308, 268), os.open("/proc/self/ns/net", os.O_RDONLY), 0))
attempt("host name", lambda: syscall((170, 161), text(b"mine"), 4))
done()
""",
        completes=True,
        telling=True,
    ),
    Attack(
        29,
        "foreign_calls",
        "A system call of another architecture kills the program.",
        """
if X86:
    syscall(0x40000000 | 39)
    print("BREACH: x32 call answered")
else:
    os.kill(os.getpid(), 31)
""",
        ("signal",),
        signal=_SIGSYS,
    ),
    Attack(
        29,
        "calls_of_32_bits",
        "A system call of 32 bits kills the program.",
        """
import ctypes, mmap
if os.uname().machine == "x86_64":
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3")
    entry = ctypes.addressof(ctypes.c_char.from_buffer(code))
    got = ctypes.CFUNCTYPE(ctypes.c_int)(entry)()
    print("BREACH: getpid by int 0x80 answered", got)
else:
    os.kill(os.getpid(), 31)
""",
        ("signal",),
        signal=_SIGSYS,
    ),
    Attack(
        30,
        "odd_corners_of_the_kernel",
        "Keyrings, bpf, perf, userfaultfd, io_uring, modules, clocks and their like are refused.",
        """
text = ctypes.c_char_p
space = ctypes.create_string_buffer(4096)
here = ctypes.byref(space)
calls = {
    "add_key": ((248, 217), text(b"user"), text(b"k"), text(b"v"), 1, -4),
    "request_key": ((249, 218), text(b"user"), text(b"k"), 0, -4),
    "keyctl": ((250, 219), 0, -4, 1),
    "bpf": ((321, 280), 0, here, 72),
    "perf_event_open": ((298, 241), here, 0, -1, -1, 0),
    "userfaultfd": ((323, 282), 1),
    "io_uring_setup": (425, 8, here),
    "init_module": ((175, 105), here, 0, text(b"")),
    "finit_module": ((313, 273), 0, text(b""), 0),
    "kexec_load": ((246, 104), 0, 0, 0, 0),
    "reboot": ((169, 142), 0xFEE1DEAD, 672274793, 0, 0),
    "swapon": ((167, 224), text(b"/tmp"), 0),
    "acct": ((163, 89), text(b"/tmp/acct")),
    "settimeofday": ((164, 170), here, 0),
    "clock_settime": ((227, 112), 0, here),
    "adjtimex": ((159, 171), ctypes.byref(ctypes.create_string_buffer(b"\\x01" + bytes(300)))),
    "syslog": ((103, 116), 3, here, 100),
    "quotactl": ((179, 60), 0, 0, 0, 0),
    "open_by_handle_at": ((304, 265), -100, here, 0),
    "fanotify_init": ((300, 262), 0, 0),
    "lookup_dcookie": ((212, 18), 0, here, 100),
    "vhangup": ((153, 58),),
    "move_pages": ((279, 239), 1, 0, 0, 0, 0, 0),
    "pidfd_getfd": (438, 0, 0, 0),
}
if X86:
    calls["iopl"] = (172, 3)
    calls["ioperm"] = (173, 0, 8, 1)
for name, (numbers, *args) in calls.items():
    attempt(name, lambda: syscall(numbers, *args))
def io_uring():
    arguments = ctypes.create_string_buffer(120)
    return syscall(425, 8, ctypes.byref(arguments))
attempt("a whole io_uring", io_uring)
done()
""",
        completes=True,
        telling=True,
    ),
]

SHARED = [
    Attack(
        31,
        "leaves_shared_objects",
        "No shared memory, queue or semaphore outlives a program.",
        """
import mmap
attempt("shmget", lambda: syscall((29, 194), 4711, 4096, 0o1666))
attempt("msgget", lambda: syscall((68, 186), 4711, 0o1666))
attempt("semget", lambda: syscall((64, 190), 4711, 1, 0o1666))
attempt("mq_open", lambda: syscall((240, 180), ctypes.c_char_p(b"left"), 0o102, 0o666, 0))
for place in ("/dev/shm", "/dev/mqueue"):
    try:
        with open(place + "/left", "w") as file:
            file.write("left")
    except OSError as error:
        print("held:", place, error)
done()
""",
        completes=True,
    ),
    Attack(
        32,
        "reaches_the_network",
        "No address can be reached, and no name looked up.",
        """
import socket
def connect(family, kind, address):
    with socket.socket(family, kind) as client:
        client.settimeout(1)
        if kind == socket.SOCK_DGRAM:
            return client.sendto(b"x", address)
        return client.connect(address)
for host in ("192.0.2.1", "1.1.1.1", "169.254.169.254", "172.17.0.1", "10.0.0.1", "224.0.0.1"):
    for port in (53, 80, 2375):
        attempt("tcp %s %d" % (host, port), lambda: connect(socket.AF_INET, socket.SOCK_STREAM, (host, port)))
    attempt("udp " + host, lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, (host, 53)))
for host in ("2001:db8::1", "2606:4700:4700::1111", "fd00:ec2::254", "ff02::1"):
    attempt("tcp6 " + host, lambda: connect(socket.AF_INET6, socket.SOCK_STREAM, (host, 80)))
attempt("look up a name", lambda: socket.getaddrinfo("example.com", 80))
attempt("raw packets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3))
attempt("raw ip", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("the hypervisor's socket", lambda: connect(40, socket.SOCK_STREAM, (2, 1024)))
for name in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket"):
    attempt(name, lambda: connect(socket.AF_UNIX, socket.SOCK_STREAM, name))
with open("/proc/net/dev") as file:
    names = [line.split(":")[0].strip() for line in file if ":" in line]
expect("no interface but the loopback: %s" % names, set(names) <= {"lo"})
done()
""",
        completes=True,
        telling=True,
        limits=Limits(wall_s=30, cpu_s=10),
    ),
    Attack(
        34,
        "writes_the_system",
        "The system is read-only.",
        """
for place in ("/", "/usr", "/usr/lib", "/usr/bin", "/etc", "/bin", "/lib", "/opt", "/root", "/home", "/srv", "/mnt", "/boot", sys.prefix,
              os.path.dirname(os.__file__), "/proc/sys/kernel", "/sys", "/sys/fs/cgroup", "/var", "/dev"):
    attempt("write in " + place, lambda: os.close(os.open(os.path.join(place, "left"), os.O_CREAT | os.O_WRONLY)))
for name in ("/etc/passwd", "/etc/hosts", "/etc/resolv.conf", "/etc/ld.so.preload", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
             os.__file__, sys.executable, "/proc/sys/kernel/hostname", "/sys/kernel/uevent_helper", "/proc/1/cgroup"):
    attempt("write " + name, lambda: os.close(os.open(name, os.O_WRONLY | os.O_APPEND)))
for name in ("/etc/shadow", "/root/.ssh", "/root/.docker", "/proc/kcore", "/proc/kmsg"):
    def read():
        return os.listdir(name) if os.path.isdir(name) else open(name, "rb").read(1) + b"readable"
    attempt("read " + name, read)
done()
""",
        completes=True,
        telling=True,
    ),
]
