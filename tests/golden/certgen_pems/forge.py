"""Makes the certificates that xmpp-certgen is tried on. No key is kept."""

import datetime
import functools
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import (
    ec, ed25519, ed448, rsa)
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU
from cryptography.x509.oid import NameOID, ObjectIdentifier as OID

NOW = datetime.datetime.utcnow().replace(microsecond=0)
XMPP_ADDR = OID("1.3.6.1.5.5.7.8.5")
SRV_NAME = OID("1.3.6.1.5.5.7.8.7")
UTF8, IA5 = 12, 22


@functools.lru_cache(None)
def key(name="leaf", kind="p256"):
    """A key of its own for each name."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "ed448":
        return ed448.Ed448PrivateKey.generate()
    curves = {"p256": ec.SECP256R1, "p384": ec.SECP384R1,
              "k1": ec.SECP256K1}
    return ec.generate_private_key(curves[kind]())


def name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def dns(text):
    return x509.DNSName(text)


def other(oid, text, tag):
    raw = text.encode()
    return x509.OtherName(oid, bytes([tag, len(raw)]) + raw)


def xmpp(text, tag=UTF8):
    return other(XMPP_ADDR, text, tag)


def srv(text, tag=IA5):
    return other(SRV_NAME, text, tag)


def usage(sign_data=True, sign_certs=False):
    return x509.KeyUsage(sign_data, False, not sign_data, False, False,
                         sign_certs, False, False, False)


def raw(oid, value, critical=False):
    return x509.UnrecognizedExtension(OID(oid), value), critical


def policy(oid):
    return x509.CertificatePolicies(
        [x509.PolicyInformation(OID(oid), None)]), False


PUBLIC = policy("2.23.140.1.2.1")  # as of a public authority


class Issuer:
    """An authority: sign() makes certificates below it."""

    def __init__(self, subject="Test Root", above=None, **more):
        self.name, self.key = subject, key("ca " + more.pop(
            "key_name", subject))
        self.cert = certificate(self.key, subject, above or self, names=(),
                                ca=more.pop("ca", True),
                                usages=None, **more)

    def sign(self, subject_key, subject="example.org", **more):
        return certificate(subject_key, subject, self, **more)


def certificate(subject_key, subject="example.org", issuer=None,
                names=None, days=90, begin=0, ca=False, path_length=None,
                usages=(EKU.SERVER_AUTH, EKU.CLIENT_AUTH), key_usage=None,
                extra=(), identifiers=True, start=None):
    """begin is days from now (minus an hour); names None: dns(subject)."""
    above = issuer.name if issuer else subject
    above_key = issuer.key if issuer else subject_key
    first = start or NOW + datetime.timedelta(days=begin, hours=-1)
    last = first + datetime.timedelta(days=days, seconds=-1)
    builder = (x509.CertificateBuilder()
               .subject_name(name(subject)).issuer_name(name(above))
               .public_key(subject_key.public_key())
               .serial_number(x509.random_serial_number())
               .not_valid_before(first).not_valid_after(last))
    if names is None:
        names = [dns(subject)]
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName(names), False)
    builder = builder.add_extension(
        x509.BasicConstraints(ca, path_length), True)
    builder = builder.add_extension(
        key_usage or usage(not ca, ca), True)
    if usages:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage(usages), False)
    if identifiers:
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(
                subject_key.public_key()), False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                above_key.public_key()), False)
    for extension, critical in extra:
        builder = builder.add_extension(extension, critical)
    plain = isinstance(above_key, (ed25519.Ed25519PrivateKey,
                                   ed448.Ed448PrivateKey))
    return builder.sign(above_key, None if plain else hashes.SHA256())


def pem(*parts):
    """Certificates, keys and texts, one behind the other."""
    return "".join(one_pem(part) for part in parts)


def one_pem(part):
    if isinstance(part, str):
        return part
    if isinstance(part, Issuer):
        part = part.cert
    if isinstance(part, x509.Certificate):
        return part.public_bytes(serialization.Encoding.PEM).decode()
    return part.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()).decode()


def locked(part, passphrase):
    return part.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode())).decode()


def old_key(part):
    """As older programs write it: RSA PRIVATE KEY, EC PRIVATE KEY."""
    return part.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption()).decode()


def openssl(*args, text=None):
    return subprocess.run(("openssl",) + args, check=True, text=True,
                          input=text, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout
