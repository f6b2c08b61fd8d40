#!/usr/bin/python3 -B
# timeout: 300
"""What xmpp-certgen makes is loaded and served by xmppd and by others: openssl
s_server, gnutls-serv, nginx, Prosody and ejabberd, where they are installed,
for each kind of key, in one file and in two, self-signed and issued. A client
that trusts nothing else believes each, and shakes hands for each host; and
xmpp-certgen check --connect finds nothing to warn of, but for nginx, which
speaks no XMPP.
"""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

BIN = os.path.join(os.path.realpath(
    os.environ.get("XMPPD_BIN", "build/bin")), "xmpp-certgen")
GUARD = 60
KINDS = ("ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048")


class Pem:
    def __init__(self, host, cert, key, trust):
        self.host, self.cert, self.key, self.trust = host, cert, key, trust
        # As XMPP has it: TLS and the names of files have A-labels.
        self.domain = host.replace("xn--bcher-kva", "bücher")


def find(name):
    return shutil.which(name, path="%s:/usr/sbin:/sbin" % os.environ["PATH"])


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def user(name):
    """The name, where we may become somebody else and there is such a one."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return None
    return name if os.geteuid() == 0 else None


class Case(unittest.TestCase):
    kinds = KINDS
    # Of the server: may read the files by its group or as their owner.
    rights = ()
    user = None

    @classmethod
    def setUpClass(cls):
        cls.server = None
        # The server's user has to get there.
        cls.room = os.path.realpath(tempfile.mkdtemp(
            prefix="wtcg-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.room)
        os.chmod(cls.room, 0o755)
        cls.addClassCleanup(cls.stop)
        cls.pems = []
        cls.make_all()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.room, name)

    @classmethod
    def certgen(cls, *arguments):
        subprocess.run(
            [BIN, *arguments], cwd=cls.room, check=True, timeout=GUARD,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    @classmethod
    def make(cls, host, *arguments, trust=None):
        one = cls.path(host + ".pem")
        cls.certgen(*arguments, "--host", host, "--out", one, *cls.rights)
        cls.pems.append(Pem(host, one, one, trust or one))

    @classmethod
    def make_all(cls):
        for kind in cls.kinds:
            cls.make(kind + ".example", "self-signed", "--key", kind)
            host = kind + ".two.example"
            cls.certgen("self-signed", "--key", kind, "--host", host,
                        "--separate", *cls.rights)
            cert = cls.path(host + ".crt")
            cls.pems.append(Pem(host, cert, cls.path(host + ".key"), cert))
        cls.certgen("ca", "init", "--host", "issued.example", "--ca",
                    cls.path("ca.pem"))
        cls.make("issued.example", "ca", "issue", "--ca", cls.path("ca.pem"),
                 trust=cls.path("ca.pem"))
        cls.make("xn--bcher-kva.example", "self-signed")

    @classmethod
    def file(cls, name, text):
        path = cls.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    @classmethod
    def own(cls):
        """What the server writes to is its user's."""
        for name in ("spool", "log", "data"):
            os.makedirs(cls.path(name), exist_ok=True)
            if cls.user:
                shutil.chown(cls.path(name), cls.user, cls.user)

    @classmethod
    def start(cls, *command, port, environment=None):
        cls.log = open(cls.path("server.log"), "wb")
        cls.addClassCleanup(cls.log.close)
        cls.server = subprocess.Popen(
            command, cwd=cls.room, stdin=subprocess.DEVNULL, stdout=cls.log,
            stderr=subprocess.STDOUT, start_new_session=True,
            user=cls.user, group=cls.user, extra_groups=[]
            if cls.user else None, env={**os.environ, **(environment or {})})
        until = time.monotonic() + GUARD
        while time.monotonic() < until:
            if cls.server.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        with open(cls.path("server.log"), errors="replace") as file:
            raise AssertionError("it doesn't listen: " + file.read()[-4000:])

    @classmethod
    def stop(cls):
        if cls.server and cls.server.poll() is None:
            # Its own group: what it has started goes with it.
            os.killpg(cls.server.pid, signal.SIGTERM)
            try:
                cls.server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(cls.server.pid, signal.SIGKILL)
                cls.server.wait()
        cls.server = None

    def believe(self, pem, port, *options):
        done = subprocess.run(
            ["openssl", "s_client", "-connect", "127.0.0.1:%d" % port,
             "-servername", pem.host, "-verify_hostname", pem.host,
             "-CAfile", pem.trust, "-no-CApath", "-no-CAstore",
             "-verify_return_error", "-x509_strict", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=GUARD, check=False)
        text = done.stdout.decode("utf-8", "replace")
        self.assertEqual(done.returncode, 0, text)
        self.assertIn("Verify return code: 0 (ok)", text)
        self.assertIn("Verified peername: " + pem.host, text)

    def believe_all(self, port, *options):
        for pem in self.pems:
            for version in ("-tls1_2", "-tls1_3"):
                with self.subTest(host=pem.host, version=version):
                    self.believe(pem, port, version, *(
                        option.replace("DOMAIN", pem.domain)
                        for option in options))
            with self.subTest(host=pem.host, by="xmpp-certgen"):
                self.judge(pem, port, options)

    def judge(self, pem, port, options):
        """check --connect has nothing to warn of."""
        way = ("--tls", "c2s")
        if "-starttls" in options:
            way = ("--starttls",
                   "s2s" if "xmpp-server" in options else "c2s")
        done = subprocess.run(
            [BIN, "check", "--fail-on", "warning", "--connect",
             "127.0.0.1:%d" % port, "--host", pem.host, *way],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=GUARD, check=False,
            env=dict(os.environ, SSL_CERT_FILE=pem.trust))
        if options:
            self.assertEqual(done.returncode, 0, done.stdout.decode())
        else:  # a web server
            self.assertIn(b"for something else than XMPP [CERT103]",
                          done.stdout)


class OneAtATime(Case):
    def each(self, name, command):
        if not find(name):
            self.skipTest("%s is not installed" % name)
        for pem in self.pems:
            with self.subTest(host=pem.host):
                port = free_port()
                self.start(*command(pem, port), port=port)
                self.believe(pem, port)
                self.stop()

    def test_s_server(self):
        self.each("openssl", lambda pem, port: (
            "openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-www",
            "-cert", pem.cert, "-cert_chain", pem.cert, "-key", pem.key))

    def test_gnutls_serv(self):
        self.each("gnutls-serv", lambda pem, port: (
            "gnutls-serv", "--echo", "-p", str(port), "--x509certfile",
            pem.cert, "--x509keyfile", pem.key))


class Nginx(Case):
    def test_nginx(self):
        if not find("nginx"):
            self.skipTest("nginx is not installed")
        port = free_port()
        room = self.room
        servers = "".join("""
    server {
        listen 127.0.0.1:%d ssl;
        server_name %s;
        ssl_certificate %s;
        ssl_certificate_key %s;
        return 204;
    }""" % (port, pem.host, pem.cert, pem.key) for pem in self.pems)
        temporary = "".join("    %s_temp_path %s;\n" % (kind, room) for kind
                            in ("client_body", "proxy", "fastcgi", "uwsgi",
                                "scgi"))
        config = self.file("nginx.conf", """daemon off;
%spid %s/nginx.pid;
error_log stderr;
worker_processes 1;
events {}
http {
    access_log off;
    server_names_hash_bucket_size 128;
    ssl_protocols TLSv1.2 TLSv1.3;
%s%s
}
""" % ("user root;\n" if os.geteuid() == 0 else "", room, temporary, servers))
        self.start(find("nginx"), "-e", "stderr", "-c", config, port=port)
        self.believe_all(port)


class Prosody(Case):
    user = user("prosody")
    rights = ("--group", "prosody") if user else ()

    def configure(self, c2s, s2s):
        hosts = "".join(
            'VirtualHost "%s"\n%s' % (
                pem.domain,
                # What is in two files is found by its name.
                '    ssl = { certificate = "%s", key = "%s" }\n'
                % (pem.cert, pem.key) if pem.cert == pem.key else "")
            for pem in self.pems)
        return self.file("prosody.cfg.lua", """daemonize = false
pidfile = "%s/data/prosody.pid"
data_path = "%s/data"
certificates = "%s"
modules_enabled = { "saslauth", "tls", "s2s", "dialback" }
modules_disabled = { "offline" }
c2s_ports = { %d }
c2s_interfaces = { "127.0.0.1" }
s2s_ports = { %d }
s2s_interfaces = { "127.0.0.1" }
c2s_require_encryption = true
http_ports = {}
https_ports = {}
authentication = "internal_hashed"
storage = "internal"
log = { warn = "*stdout" }
%s""" % (self.room, self.room, self.room, c2s, s2s, hosts))

    def test_prosody(self):
        if not find("prosody"):
            self.skipTest("prosody is not installed")
        self.own()
        c2s, s2s = free_port(), free_port()
        config = self.configure(c2s, s2s)
        self.start("prosody", "--config", config, "-F", port=c2s)
        self.believe_all(c2s, "-starttls", "xmpp", "-xmpphost", "DOMAIN")
        self.believe_all(s2s, "-starttls", "xmpp-server", "-xmpphost", "DOMAIN")

    def test_prosodyctl(self):
        """Prosody's own checker finds each certificate, key and name."""
        if not find("prosodyctl"):
            self.skipTest("prosodyctl is not installed")
        self.own()
        config = self.configure(free_port(), free_port())
        done = subprocess.run(
            ["prosodyctl", "--config", config, "check", "certs"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=GUARD, check=False)
        text = done.stdout.decode("utf-8", "replace")
        self.assertEqual(done.returncode, 0, text)
        self.assertIn("All checks passed", text)
        for pem in self.pems:
            self.assertIn("Checking certificate for " + pem.domain, text)


class Xmppd(Case):
    def test_xmppd(self):
        self.own()
        port = free_port()
        combined = [pem for pem in self.pems if pem.cert == pem.key]
        config = self.file("xmppd.cfg", """{hosts, [%s]}.
{listen, [{{%d, "127.0.0.1"}, ejabberd_c2s, [
    starttls_required, {access, c2s}, {certfile, "%s"}]}]}.
{auth_method, internal}.
{access, c2s, [{allow, all}]}.
%s""" % (", ".join('"%s"' % pem.domain for pem in combined), port,
         combined[0].cert, "".join(
             '{domain_certfile, "%s", "%s"}.\n' % (pem.domain, pem.cert)
             for pem in combined)))
        self.start(
            os.path.join(os.path.dirname(BIN), "xmppd"), "--config", config,
            "--state", self.path("data"), "--foreground",
            *(("--user", "root") if os.geteuid() == 0 else ()), port=port)
        self.pems[:] = combined
        self.believe_all(port, "-starttls", "xmpp", "-xmpphost", "DOMAIN")


class Ejabberd(Case):
    # Its reader of certificates (pkix) dies of Ed25519, all others with it.
    kinds = tuple(kind for kind in KINDS if kind != "ed25519")
    user = user("ejabberd")
    rights = ("--owner", "ejabberd") if user else ()

    def test_ejabberd(self):
        if not find("ejabberdctl"):
            self.skipTest("ejabberd is not installed")
        self.own()
        c2s, s2s = free_port(), free_port()
        files = sorted({path for pem in self.pems
                        for path in (pem.cert, pem.key)})
        config = self.file("ejabberd.yml", """loglevel: info
hosts: [%s]
certfiles: [%s]
listen:
  -
    port: %d
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls_required: true
  -
    port: %d
    ip: "127.0.0.1"
    module: ejabberd_s2s_in
s2s_use_starttls: required
auth_method: internal
modules:
  mod_disco: {}
""" % (", ".join(pem.domain for pem in self.pems), ", ".join(files), c2s, s2s))
        self.start(
            "erl", "-noinput", "+K", "true", "-mnesia", "dir",
            '"%s"' % self.path("spool"), "-s", "ejabberd", port=c2s,
            environment={
                "HOME": self.path("spool"),
                "ERL_LIBS": os.pathsep.join(
                    os.path.join("/usr/lib", name) for name in
                    os.listdir("/usr/lib") if re.search("linux-gnu", name)),
                "EJABBERD_CONFIG_PATH": config,
                "EJABBERD_LOG_PATH": self.path("log/ejabberd.log"),
                "ERL_CRASH_DUMP": self.path("log/crash.dump")})
        self.believe_all(c2s, "-starttls", "xmpp", "-xmpphost", "DOMAIN")
        self.believe_all(s2s, "-starttls", "xmpp-server", "-xmpphost", "DOMAIN")


if __name__ == "__main__":
    unittest.main()
