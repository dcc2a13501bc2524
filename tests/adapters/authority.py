"""A certificate authority of a test's own, and the certificates that it vouches for."""

import ssl
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PEM = serialization.Encoding.PEM
A_DAY = timedelta(days=1)


class Authority:
    """Vouches for servers; whoever reads `bundle` believes it."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder = folder
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _called("Test Authority")
        own = self._builder(self._name, self._key.public_key(), now - A_DAY, now + A_DAY)
        may_vouch = x509.BasicConstraints(ca=True, path_length=0)
        self.bundle = folder / "authority.pem"
        certificate = own.add_extension(may_vouch, critical=True).sign(self._key, hashes.SHA256())
        self.bundle.write_bytes(certificate.public_bytes(PEM))

    def server(
        self, name: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> ssl.SSLContext:
        """What a server called `name` shows; valid from yesterday to tomorrow, unless a test says else."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(
            _called(name), key.public_key(), since or self._now - A_DAY, until or self._now + A_DAY
        )
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        certificate = builder.add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        return _shown(self._folder / "server.pem", key, certificate)

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime, until: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder(issuer_name=self._name, subject_name=subject, public_key=key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
        )


def self_signed(folder: Path, name: str, now: datetime) -> ssl.SSLContext:
    """A server's certificate that nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder(
        issuer_name=_called(name), subject_name=_called(name), public_key=key.public_key()
    )
    certificate = (
        builder.serial_number(x509.random_serial_number())
        .not_valid_before(now - A_DAY)
        .not_valid_after(now + A_DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _shown(folder / "self-signed-server.pem", key, certificate)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _shown(path: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> ssl.SSLContext:
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(PEM, *plain) + certificate.public_bytes(PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
