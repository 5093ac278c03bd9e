"""The stored form of a chunk, written down a second time from man/mediaplan-origin.5.

Reads one JSON object a line: {"key": hex, "plain": hex}. Prints the stored chunk in hexadecimal.
"""
import hashlib
import hmac
import json
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derived(key, purpose):
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(key)


for line in sys.stdin:
    chunk = json.loads(line)
    key, plain = bytes.fromhex(chunk["key"]), bytes.fromhex(chunk["plain"])
    code = hmac.new(derived(key, b"mediaplan nonce key 1"), hashlib.sha256(plain).digest(), "sha256")
    nonce = code.digest()[:12]
    sealed = AESGCM(derived(key, b"mediaplan chunk key 1")).encrypt(nonce, plain, None)
    print((nonce + sealed).hex())
