"""Downloads the release that this instance runs.

Gets the credentials of the instance's RAM role from the metadata service, downloads the release's
objects from the region's internal OSS endpoint, verifies them, and installs them in a folder named
after the manifest's id, completely or not at all. Every failure is one sentence in the journal and on
the console. The options exist for tests; an instance passes none.
"""
import argparse
import errno
import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
import time
import zlib
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

CHUNK = 1024 * 1024
SECRETS = b"ACCESS_CODE OSS_ACCESS_KEY_ID OSS_ACCESS_KEY_SECRET TOKEN_SECRET".split()
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


# The message is a sentence without the full stop.
class FetchError(Exception):
    pass


def log(sentence):
    print(sentence, flush=True)


def reason(error):
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def send(base, method, path, headers):
    url = urlsplit(base)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.netloc, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        return connection, connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise FetchError(f"{base} cannot be reached: {reason(error)}") from error


class Metadata:
    """The instance's metadata service in its hardened mode, which requires a token for every read."""

    def __init__(self, base, role):
        self.base = base
        self.role = role
        self.cached = None

    def credentials(self):
        """Returns key id, secret and security token; cached until cleared."""
        if self.cached is None:
            ttl = {"X-aliyun-ecs-metadata-token-ttl-seconds": "60"}
            token = self.read("PUT", "/latest/api/token", ttl)
            path = f"/latest/meta-data/ram/security-credentials/{quote(self.role)}"
            text = self.read("GET", path, {"X-aliyun-ecs-metadata-token": token})
            try:
                found = json.loads(text)
                names = ("AccessKeyId", "AccessKeySecret", "SecurityToken")
                self.cached = [found[name] for name in names]
            except (ValueError, KeyError, TypeError) as error:
                raise FetchError(f"The role {self.role} has no credentials yet") from error
        return self.cached

    def read(self, method, path, headers):
        connection, response = send(self.base, method, path, headers)
        try:
            body = response.read(CHUNK).decode()
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise FetchError(f"{self.base} sent an incomplete response: {reason(error)}") from error
        finally:
            connection.close()
        if response.status == 404 and method == "GET":
            raise FetchError(f"The role {self.role} is not attached to this instance yet")
        if response.status != 200:
            raise FetchError(f"{self.base} answered {response.status} to {method} {path}")
        return body


def signed_headers(credentials, region, bucket, key, when):
    """Signs as in "Include a V4 signature in the Authorization header", OSS documentation."""
    key_id, secret, token = credentials
    date = when.strftime("%Y%m%dT%H%M%SZ")
    headers = {
        "x-oss-content-sha256": "UNSIGNED-PAYLOAD",
        "x-oss-date": date,
        "x-oss-security-token": token,
    }
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"GET\n{quote(f'/{bucket}/{key}')}\n\n{lines}\n\nUNSIGNED-PAYLOAD"
    scope = f"{date[:8]}/{region}/oss/aliyun_v4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    signature = f"aliyun_v4{secret}".encode()
    for part in (*scope.split("/"), f"OSS4-HMAC-SHA256\n{date}\n{scope}\n{digest}"):
        signature = hmac.new(signature, part.encode(), hashlib.sha256).digest()
    headers["Authorization"] = (
        f"OSS4-HMAC-SHA256 Credential={key_id}/{scope},Signature={signature.hex()}"
    )
    return headers


class Bucket:
    """The bucket of the release."""

    def __init__(self, endpoint, region, name, metadata, timeout):
        self.endpoint = endpoint
        self.region = region
        self.name = name
        self.metadata = metadata
        self.timeout = timeout
        self.clock_offset = timedelta()

    def get(self, key, sha256, target):
        """Writes an object to an open file."""
        credentials = self.metadata.credentials()
        now = datetime.now(timezone.utc) + self.clock_offset
        headers = signed_headers(credentials, self.region, self.name, key, now)
        connection, response = send(self.endpoint, "GET", f"/{quote(key)}", headers)
        try:
            if response.status != 200:
                self.raise_refusal(key, response)
            expected, length, digest = response.length, 0, hashlib.sha256()
            deadline = time.monotonic() + self.timeout
            while chunk := response.read(CHUNK):
                if time.monotonic() > deadline:
                    raise FetchError(f"{key} arrives too slowly: {length} bytes so far")
                target.write(chunk)
                digest.update(chunk)
                length += len(chunk)
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) in FULL:
                raise
            raise FetchError(f"{key} was cut off: {reason(error)}") from error
        finally:
            connection.close()
        if length != expected:
            raise FetchError(f"{key} was cut off after {length} of {expected} bytes")
        if sha256 != digest.hexdigest():
            raise FetchError(
                f"{key} differs from the release: its SHA-256 is {digest.hexdigest()}, not {sha256}"
            )

    def raise_refusal(self, key, response):
        body = response.read(CHUNK).decode(errors="replace")
        found = dict(re.findall(r"<(Code|RequestId)>([^<]*)<", body))
        code = found.get("Code", "")
        if response.status == 403:
            # The credentials may have expired, or belong to a role that was attached again since.
            self.metadata.cached = None
        if code == "RequestTimeTooSkewed" and "Date" in response.headers:
            there = parsedate_to_datetime(response.headers["Date"])
            self.clock_offset = there - datetime.now(timezone.utc)
            seconds = round(self.clock_offset.total_seconds())
            how = "behind" if seconds > 0 else "ahead of"
            raise FetchError(f"The clock is {abs(seconds)} seconds {how} that of OSS; using the time of OSS")
        hint = f": {self.metadata.role} needs oss:GetObject" if code == "AccessDenied" else ""
        raise FetchError(
            f"OSS refused {self.name}/{key} with {response.status} {code}{hint} "
            f"(request {found.get('RequestId', 'unknown')})"
        )


def retry(timeout, action):
    """Repeats an action with growing delays until it succeeds or the time is over."""
    logged, delay, deadline = "", 1, time.monotonic() + timeout
    while True:
        try:
            return action()
        except FetchError as failure:
            if time.monotonic() + delay > deadline:
                raise
            if str(failure) != logged:
                logged = str(failure)
                log(f"{logged}; retrying")
            time.sleep(delay)
            delay = min(delay * 2, 15)


def files_of(archive):
    with tarfile.open(archive, "r|*") as tar:
        for member in tar:
            if member.isfile():
                yield member.name, tar.extractfile(member)


def write(source, path, mode):
    """Sets the file's time to now: in the archive all have the same, and browsers compare times."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "xb") as target:
        os.fchmod(target.fileno(), mode)
        shutil.copyfileobj(source, target, CHUNK)


def fetch(manifest, options):
    release, region, role = manifest["release"], manifest["region"], manifest["role"]
    base = os.path.join(options.root, "opt/oss-direct-upload")
    home = os.path.join(base, release["id"])
    if os.path.isdir(home):
        log(f"The release {release['id']} is already installed")
        return
    os.makedirs(base, exist_ok=True)
    for name in os.listdir(base):
        if name.startswith(".incoming-"):
            shutil.rmtree(os.path.join(base, name))
    metadata = Metadata(options.metadata, role)
    retry(options.timeout, metadata.credentials)
    name = release["bucket"]
    endpoint = options.endpoint or f"https://{name}.oss-{region}-internal.aliyuncs.com"
    bucket = Bucket(endpoint, region, name, metadata, options.timeout)

    def get(file, path):
        def attempt():
            with open(path, "wb") as target:
                os.fchmod(target.fileno(), 0o600)
                bucket.get(file["key"], file["sha256"], target)

        retry(options.timeout, attempt)
        log(f"Downloaded {file['key']} ({os.path.getsize(path)} bytes)")

    incoming = tempfile.mkdtemp(prefix=".incoming-", dir=base)
    try:
        archive = os.path.join(incoming, "archive")
        get(release["runtime"], archive)
        for name, source in files_of(archive):
            if name == "package/bin/node":
                write(source, os.path.join(incoming, "bin/node"), 0o755)
                break
        get(release["app"], archive)
        for name, source in files_of(archive):
            path = os.path.normpath(os.path.join(incoming, "app", name))
            if not path.startswith(os.path.join(incoming, "app/")):
                raise FetchError(f"The release has a file outside its folder: {name}")
            write(source, path, 0o644)
        for name in ("bin/node", "app/server.mjs"):
            if not os.path.isfile(os.path.join(incoming, name)):
                raise FetchError(f"The release has no {name}")
        if "secrets" in release:
            path = os.path.join(options.root, "etc/oss-direct-upload/secret.env")
            get(release["secrets"], archive)
            # Drops what the server does not know, such as NODE_OPTIONS, which would change Node itself.
            with open(archive, "rb") as source, open(f"{path}.new", "wb") as target:
                os.fchmod(target.fileno(), 0o600)
                for found in re.finditer(rb'(\w+)="(?:[^"\\]|\\.)*"\n', source.read(), re.S):
                    if found[1] in SECRETS:
                        target.write(found[0])
            os.replace(f"{path}.new", path)
        os.remove(archive)
        os.chmod(incoming, 0o755)
        # Otherwise a power failure could leave empty files in the installed folder.
        os.sync()
        os.rename(incoming, home)
        log(f"The release {release['id']} is installed")
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default="/")
    parser.add_argument("--metadata", default="http://100.100.100.200")
    # By default the bucket's, within the region.
    parser.add_argument("--endpoint")
    # Seconds for each step.
    parser.add_argument("--timeout", type=float, default=120)
    options = parser.parse_args()
    try:
        with open(os.path.join(options.root, "etc/oss-direct-upload/release.json")) as file:
            fetch(json.load(file), options)
    except FetchError as failure:
        sys.exit(f"The server cannot start: {failure}")
    except (tarfile.TarError, zlib.error, EOFError) as error:
        sys.exit(f"The server cannot start: an archive cannot be read: {reason(error)}")
    except OSError as error:
        what = "the disk is full" if error.errno in FULL else f"{error.filename}: {reason(error)}"
        sys.exit(f"The server cannot start: {what}")


if __name__ == "__main__":
    main()
