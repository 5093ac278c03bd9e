/// The form of a manifest as a JSON Schema (draft 2020-12).
package enum ManifestSchema {
    /// The schema's text.
    ///
    /// It describes exactly what this version writes, so that it catches
    /// mistakes. An agent must ignore members that it doesn't know, and so must
    /// not refuse a manifest of a later minor version because of this schema.
    package static let json = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "urn:mediaplan:schema:manifest:2.0",
          "title": "mediaplan manifest",
          "description": "What one device fetches, serves and removes in one night. Canonical JSON (RFC 8785), signed in minisign's classic form. Offsets count in the item's files laid end to end; chunks are first and last chunk number.",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "caps", "device", "expires", "fetch", "fleet", "issued", "items", "night",
            "not_before", "plan", "rates", "remove", "schema", "sequence", "serve", "slot_seconds",
            "standby", "version", "window"
          ],
          "properties": {
            "schema": { "const": "mediaplan-manifest" },
            "version": { "description": "MAJOR.MINOR; another MAJOR must be refused.", "const": "2.0" },
            "critical": {
              "description": "Names of members that whoever obeys the manifest must know.",
              "type": "array", "maxItems": 0
            },
            "fleet": { "$ref": "#/$defs/identifier" },
            "device": { "description": "The only device that may obey it.", "$ref": "#/$defs/identifier" },
            "night": { "description": "The day in whose evening the night begins.", "$ref": "#/$defs/day" },
            "sequence": { "description": "Never obey a lower one than the last.", "$ref": "#/$defs/positive" },
            "plan": { "description": "Alike in all manifests of one publication.", "$ref": "#/$defs/sha256" },
            "issued": { "$ref": "#/$defs/instant" },
            "not_before": { "description": "Nothing is done before.", "$ref": "#/$defs/instant" },
            "expires": { "description": "Nothing is done from then on.", "$ref": "#/$defs/instant" },
            "slot_seconds": { "type": "integer", "minimum": 1, "maximum": 2147483647 },
            "ahead_seconds": {
              "description": "How long before its slot a movement between devices may be made; absent: 0.",
              "type": "integer", "minimum": 1, "maximum": 10
            },
            "origin_patience_seconds": {
              "description": "How late a piece must be before an origin may be asked for it, though others may still bring it; absent: as the device sees fit.",
              "type": "integer", "minimum": 0, "maximum": 2147483647
            },
            "window": {
              "description": "When the device takes part; empty: not at all.",
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["ends", "starts"],
                "properties": {
                  "ends": { "$ref": "#/$defs/instant" },
                  "starts": { "$ref": "#/$defs/instant" }
                }
              }
            },
            "items": {
              "description": "Everything named below, by item key.",
              "type": "object",
              "propertyNames": { "$ref": "#/$defs/item_key" },
              "additionalProperties": { "$ref": "#/$defs/item" }
            },
            "fetch": {
              "description": "What the device receives, in order of time.",
              "type": "array", "items": { "$ref": "#/$defs/fetch" }
            },
            "serve": {
              "description": "What the device sends, in order of time.",
              "type": "array", "items": { "$ref": "#/$defs/serve" }
            },
            "remove": {
              "description": "What leaves the device's disk, in order of time.",
              "type": "array", "items": { "$ref": "#/$defs/remove" }
            },
            "standby": {
              "description": "What the device sends if it is asked for, by item and destination.",
              "type": "array", "items": { "$ref": "#/$defs/standby" }
            },
            "rates": {
              "description": "What the device's line is used for at most, in 1000 bit/s of payload.",
              "type": "object",
              "additionalProperties": false,
              "required": ["down_kbps", "up_kbps"],
              "properties": {
                "down_kbps": { "$ref": "#/$defs/count" },
                "up_kbps": { "$ref": "#/$defs/count" }
              }
            },
            "caps": {
              "description": "Bytes that the device never exceeds tonight, repeats among them.",
              "type": "object",
              "additionalProperties": false,
              "required": ["fallback_bytes", "fetch_bytes", "reserve_bytes", "serve_bytes"],
              "properties": {
                "fallback_bytes": { "description": "From fall-backs; part of fetch_bytes.", "$ref": "#/$defs/count" },
                "fetch_bytes": { "$ref": "#/$defs/count" },
                "reserve_bytes": { "description": "From origins as fall-backs; part of fallback_bytes.", "$ref": "#/$defs/count" },
                "serve_bytes": { "$ref": "#/$defs/count" }
              }
            }
          },
          "$defs": {
            "identifier": { "type": "string", "minLength": 1 },
            "count": { "type": "integer", "minimum": 0, "maximum": 9007199254740991 },
            "positive": { "type": "integer", "minimum": 1, "maximum": 9007199254740991 },
            "chunk": { "type": "integer", "minimum": 0, "maximum": 2147483646 },
            "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
            "token": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
            "address": {
              "description": "host:port, or [address]:port.",
              "type": "string", "pattern": "^([^\\[\\]:]+|\\[[^\\[\\]]+\\]):[0-9]{1,5}$"
            },
            "day": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
            "instant": {
              "type": "string",
              "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
            },
            "item_key": {
              "type": "string", "maxLength": 200,
              "pattern": "^[A-Za-z0-9_~][A-Za-z0-9._~-]*[@~][A-Za-z0-9._~-]*$"
            },
            "role": {
              "description": "Open the connection, or wait for the other end to open it.",
              "enum": ["connect", "listen"]
            },
            "item": {
              "type": "object",
              "additionalProperties": false,
              "required": [
                "bytes", "chunk_bytes", "chunks", "completes", "fallbacks", "files", "index",
                "index_known", "name", "path", "title", "version"
              ],
              "properties": {
                "bytes": { "$ref": "#/$defs/positive" },
                "chunk_bytes": { "description": "Of a full chunk; each file begins a chunk.", "$ref": "#/$defs/positive" },
                "chunks": { "type": "integer", "minimum": 1, "maximum": 2147483646 },
                "completes": { "description": "Whether a wish for it comes true: all of it is there in the end.", "type": "boolean" },
                "fallbacks": {
                  "description": "Whom to ask for what a source failed to send, in this order: devices, then origins.",
                  "type": "array",
                  "items": { "oneOf": [{ "$ref": "#/$defs/fallback_device" }, { "$ref": "#/$defs/origin_end" }] }
                },
                "files": {
                  "type": "array", "minItems": 1,
                  "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["bytes", "kind", "name", "offset"],
                    "properties": {
                      "bytes": { "$ref": "#/$defs/positive" },
                      "kind": { "type": "string" },
                      "name": { "type": "string" },
                      "offset": { "$ref": "#/$defs/count" }
                    }
                  }
                },
                "index": {
                  "description": "SHA-256 of the chunk index.",
                  "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/sha256" }]
                },
                "index_known": { "type": "boolean" },
                "name": { "type": "string" },
                "path": {
                  "description": "Where the item lies at an origin, below base_url.",
                  "anyOf": [
                    { "$ref": "#/$defs/item_key" },
                    { "type": "string", "pattern": "^blobs/[0-9a-f]{64}$" }
                  ]
                },
                "title": { "$ref": "#/$defs/identifier" },
                "version": { "type": "string" }
              },
              "if": { "properties": { "index_known": { "const": true } } },
              "then": { "properties": { "index": { "type": "string" } } },
              "else": { "properties": { "index": { "type": "null" } } }
            },
            "piece": {
              "type": "object",
              "required": ["bytes", "chunks", "item", "offset"],
              "properties": {
                "bytes": { "$ref": "#/$defs/positive" },
                "chunks": {
                  "description": "First and last chunk number.",
                  "type": "array", "minItems": 2, "maxItems": 2, "items": { "$ref": "#/$defs/chunk" }
                },
                "item": { "$ref": "#/$defs/item_key" },
                "offset": { "description": "Where the first chunk begins in the item.", "$ref": "#/$defs/count" }
              }
            },
            "movement": {
              "type": "object",
              "required": ["ends", "rate_kbps", "role", "starts", "transfer"],
              "properties": {
                "ends": { "$ref": "#/$defs/instant" },
                "rate_kbps": { "description": "1000 bit/s; just enough for the slot.", "$ref": "#/$defs/positive" },
                "role": { "$ref": "#/$defs/role" },
                "starts": { "$ref": "#/$defs/instant" },
                "token": {
                  "description": "What the end that connects shows to the other one; absent for origins.",
                  "$ref": "#/$defs/token"
                },
                "transfer": { "description": "The same number at both ends.", "$ref": "#/$defs/count" }
              }
            },
            "device_end": {
              "type": "object",
              "additionalProperties": false,
              "required": ["id", "kind"],
              "properties": {
                "address": { "description": "Where it is known and role is connect.", "$ref": "#/$defs/address" },
                "id": { "$ref": "#/$defs/identifier" },
                "kind": { "const": "device" },
                "public_key": { "type": "string", "minLength": 1 }
              }
            },
            "fallback_device": {
              "type": "object",
              "additionalProperties": false,
              "required": ["address", "id", "kind", "token"],
              "properties": {
                "address": { "$ref": "#/$defs/address" },
                "id": { "$ref": "#/$defs/identifier" },
                "kind": { "const": "device" },
                "public_key": { "type": "string", "minLength": 1 },
                "token": { "$ref": "#/$defs/token" }
              }
            },
            "origin_end": {
              "type": "object",
              "additionalProperties": false,
              "required": ["base_url", "id", "kind"],
              "properties": {
                "base_url": { "description": "An item lies at base_url and its path, a slash between.", "type": "string" },
                "id": { "$ref": "#/$defs/identifier" },
                "kind": { "const": "origin" }
              }
            },
            "fetch": {
              "$ref": "#/$defs/piece",
              "allOf": [{ "$ref": "#/$defs/movement" }],
              "unevaluatedProperties": false,
              "required": ["area", "source"],
              "properties": {
                "area": { "description": "The part of the disk that it counts in.", "enum": ["wish", "cache"] },
                "source": { "oneOf": [{ "$ref": "#/$defs/device_end" }, { "$ref": "#/$defs/origin_end" }] }
              },
              "if": { "properties": { "source": { "properties": { "kind": { "const": "device" } } } } },
              "then": { "required": ["token"] },
              "else": { "properties": { "role": { "const": "connect" }, "token": false } }
            },
            "serve": {
              "$ref": "#/$defs/piece",
              "allOf": [{ "$ref": "#/$defs/movement" }],
              "unevaluatedProperties": false,
              "required": ["destination", "token"],
              "properties": { "destination": { "$ref": "#/$defs/device_end" } }
            },
            "standby": {
              "type": "object",
              "additionalProperties": false,
              "required": ["bytes", "destination", "item", "token"],
              "properties": {
                "bytes": { "description": "Most that may be sent tonight.", "$ref": "#/$defs/positive" },
                "destination": { "description": "Who connects and asks.", "$ref": "#/$defs/device_end" },
                "item": { "$ref": "#/$defs/item_key" },
                "token": { "$ref": "#/$defs/token" }
              }
            },
            "remove": {
              "$ref": "#/$defs/piece",
              "unevaluatedProperties": false,
              "required": ["at"],
              "properties": { "at": { "description": "From then on it is neither kept nor sent.", "$ref": "#/$defs/instant" } }
            }
          }
        }

        """#
}
