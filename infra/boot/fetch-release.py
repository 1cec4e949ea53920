"""Fetches the release that this instance is to run.

Takes the credentials of the instance's RAM role from the metadata service, gets the release's
objects through the region's internal OSS endpoint, checks them, and puts them where the manifest's
id says: as a whole or not at all. Every failure is a sentence, for the journal and the console.
The options are for tests; an instance gives none.
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
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


# What went wrong, as a sentence without its full stop.
class Failure(Exception):
    pass


def say(sentence):
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
        raise Failure(f"{base} cannot be reached: {reason(error)}") from error


class Metadata:
    """The instance's metadata service, in its hardened mode: every read carries a token."""

    def __init__(self, base, role):
        self.base = base
        self.role = role
        self.known = None

    def credentials(self):
        """Key id, secret and security token; kept until forgotten."""
        if self.known is None:
            ttl = {"X-aliyun-ecs-metadata-token-ttl-seconds": "60"}
            token = self.read("PUT", "/latest/api/token", ttl)
            path = f"/latest/meta-data/ram/security-credentials/{quote(self.role)}"
            text = self.read("GET", path, {"X-aliyun-ecs-metadata-token": token})
            try:
                found = json.loads(text)
                names = ("AccessKeyId", "AccessKeySecret", "SecurityToken")
                self.known = [found[name] for name in names]
            except (ValueError, KeyError, TypeError) as error:
                raise Failure(f"The role {self.role} has no credentials yet") from error
        return self.known

    def read(self, method, path, headers):
        connection, response = send(self.base, method, path, headers)
        try:
            body = response.read(CHUNK).decode()
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Failure(f"{self.base} gave half an answer: {reason(error)}") from error
        finally:
            connection.close()
        if response.status == 404 and method == "GET":
            raise Failure(f"The role {self.role} is not attached to this instance yet")
        if response.status != 200:
            raise Failure(f"{self.base} answered {response.status} to {method} {path}")
        return body


def signed_headers(credentials, region, bucket, key, when):
    """OSS V4: "Include a V4 signature in the Authorization header", Alibaba Cloud documentation."""
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
    """The release's bucket, read with the role's credentials."""

    def __init__(self, endpoint, region, name, metadata, patience):
        self.endpoint = endpoint
        self.region = region
        self.name = name
        self.metadata = metadata
        self.patience = patience
        self.clock_offset = timedelta()

    def get(self, key, sha256, target):
        """Writes an object to an open file; without a sha256 any object will do."""
        credentials = self.metadata.credentials()
        now = datetime.now(timezone.utc) + self.clock_offset
        headers = signed_headers(credentials, self.region, self.name, key, now)
        connection, response = send(self.endpoint, "GET", f"/{quote(key)}", headers)
        try:
            if response.status != 200:
                self.refuse(key, response)
            expected, length, digest = response.length, 0, hashlib.sha256()
            deadline = time.monotonic() + self.patience
            while chunk := response.read(CHUNK):
                if time.monotonic() > deadline:
                    raise Failure(f"{key} arrives too slowly: {length} bytes so far")
                target.write(chunk)
                digest.update(chunk)
                length += len(chunk)
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) in FULL:
                raise
            raise Failure(f"{key} was cut off: {reason(error)}") from error
        finally:
            connection.close()
        if length != expected:
            raise Failure(f"{key} was cut off after {length} of {expected} bytes")
        if sha256 not in (None, digest.hexdigest()):
            raise Failure(
                f"{key} is not what was released: its SHA-256 is {digest.hexdigest()}, not {sha256}"
            )

    def refuse(self, key, response):
        body = response.read(CHUNK).decode(errors="replace")
        found = dict(re.findall(r"<(Code|RequestId)>([^<]*)<", body))
        code = found.get("Code", "")
        if response.status == 403:
            # They may have ended, or be of a role that was attached anew.
            self.metadata.known = None
        if code == "RequestTimeTooSkewed" and "Date" in response.headers:
            there = parsedate_to_datetime(response.headers["Date"])
            self.clock_offset = there - datetime.now(timezone.utc)
            seconds = round(self.clock_offset.total_seconds())
            how = "behind" if seconds > 0 else "ahead of"
            raise Failure(f"The clock is {abs(seconds)} seconds {how} that of OSS; its time is taken")
        hint = f": {self.metadata.role} needs oss:GetObject" if code == "AccessDenied" else ""
        raise Failure(
            f"OSS refused {self.name}/{key} with {response.status} {code}{hint} "
            f"(request {found.get('RequestId', 'unknown')})"
        )


def persistently(patience, action):
    """Tries again, at longer and longer intervals, until it works or time is up."""
    said, pause, deadline = "", 1, time.monotonic() + patience
    while True:
        try:
            return action()
        except Failure as failure:
            if time.monotonic() + pause > deadline:
                raise
            if str(failure) != said:
                said = str(failure)
                say(f"{said}; trying again")
            time.sleep(pause)
            pause = min(pause * 2, 15)


def files_of(archive):
    with tarfile.open(archive, "r|*") as tar:
        for member in tar:
            if member.isfile():
                yield member.name, tar.extractfile(member)


def write(source, path, mode):
    """The file's time is now: browsers tell pages apart by it, and a release's files have one time."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "xb") as target:
        os.fchmod(target.fileno(), mode)
        shutil.copyfileobj(source, target, CHUNK)


def fetch(manifest, options):
    release, region, role = manifest["release"], manifest["region"], manifest["role"]
    base = os.path.join(options.root, "opt/oss-direct-upload")
    home = os.path.join(base, release["id"])
    if os.path.isdir(home):
        say(f"The release {release['id']} is in place already")
        return
    os.makedirs(base, exist_ok=True)
    for name in os.listdir(base):
        if name.startswith(".incoming-"):
            shutil.rmtree(os.path.join(base, name))
    metadata = Metadata(options.metadata, role)
    persistently(options.patience, metadata.credentials)
    name = release["bucket"]
    endpoint = options.endpoint or f"https://{name}.oss-{region}-internal.aliyuncs.com"
    bucket = Bucket(endpoint, region, name, metadata, options.patience)

    def get(file, path):
        def attempt():
            with open(path, "wb") as target:
                os.fchmod(target.fileno(), 0o600)
                bucket.get(file["key"], file.get("sha256"), target)

        persistently(options.patience, attempt)
        say(f"Fetched {file['key']} ({os.path.getsize(path)} bytes)")

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
                raise Failure(f"The release has a file outside its folder: {name}")
            write(source, path, 0o644)
        os.remove(archive)
        for name in ("bin/node", "app/server.mjs"):
            if not os.path.isfile(os.path.join(incoming, name)):
                raise Failure(f"The release lacks {name}")
        if "secrets" in release:
            path = os.path.join(options.root, "etc/oss-direct-upload/secret.env")
            get(release["secrets"], f"{path}.new")
            os.replace(f"{path}.new", path)
        os.chmod(incoming, 0o755)
        # A power cut must not leave a folder with empty files in it.
        os.sync()
        os.rename(incoming, home)
        say(f"The release {release['id']} is in place")
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default="/")
    parser.add_argument("--metadata", default="http://100.100.100.200")
    parser.add_argument("--endpoint", help="default: the bucket's, within the region")
    parser.add_argument("--patience", type=float, default=120, help="seconds for each step")
    options = parser.parse_args()
    try:
        with open(os.path.join(options.root, "etc/oss-direct-upload/release.json")) as file:
            fetch(json.load(file), options)
    except Failure as failure:
        sys.exit(f"The server cannot start: {failure}")
    except (tarfile.TarError, zlib.error, EOFError) as error:
        sys.exit(f"The server cannot start: an archive cannot be read: {reason(error)}")
    except OSError as error:
        what = "the disk is full" if error.errno in FULL else f"{error.filename}: {reason(error)}"
        sys.exit(f"The server cannot start: {what}")


if __name__ == "__main__":
    main()
