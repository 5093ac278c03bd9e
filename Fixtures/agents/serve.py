#!/usr/bin/env python3
"""serve.py FOLDER: a web server for trials, on a port of 127.0.0.1 that it prints.

/vod/PATH is an origin: FOLDER/vod/PATH. /KEY is a box: FOLDER/box/KEY, for the tokens in the lines
of FOLDER/tokens. FOLDER/fault, where it is there, says how everything below /vod/blobs fails:
`gone` 404, `whole` 200 with all bytes, `elsewhere` a redirect, `shifted` a wrong Content-Range.
"""
import http.server, pathlib, re, sys

folder = pathlib.Path(sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", **fields):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.lstrip("/")
        file, fault = folder / path, ""
        if not path.startswith("vod/"):
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if token not in (folder / "tokens").read_text().split():
                return self.answer(403)
            file = folder / "box" / path
        elif path.startswith("vod/blobs/") and (folder / "fault").exists():
            fault = (folder / "fault").read_text()
        if fault == "gone" or not file.is_file():
            return self.answer(404)
        if fault == "elsewhere":
            return self.answer(302, Location=self.path + ".moved")
        data = file.read_bytes()
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if fault == "whole" or not wanted:
            return self.answer(200, data)
        first, last = int(wanted[1]), int(wanted[2])
        shift = 1 if fault == "shifted" else 0
        span = f"bytes {first + shift}-{last + shift}/{len(data)}"
        self.answer(206, data[first:last + 1], Content_Range=span)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
