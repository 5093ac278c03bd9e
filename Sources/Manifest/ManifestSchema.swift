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
          "$id": "urn:mediaplan:schema:manifest:3.0",
          "title": "mediaplan manifest",
          "description": "What one device fetches, serves and removes in one night. Canonical JSON (RFC 8785), signed in minisign's classic form. Rows are arrays of numbers: slots count from starts, items and ends are named by their places in the arrays of these names, from 0.",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "caps", "device", "ends", "expires", "fetch", "fleet", "issued", "items", "night",
            "not_before", "plan", "rates", "remove", "schema", "sequence", "serve", "slot_seconds",
            "standby", "starts", "version", "window"
          ],
          "properties": {
            "schema": { "const": "mediaplan-manifest" },
            "version": { "description": "MAJOR.MINOR; another MAJOR must be refused.", "const": "3.0" },
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
            "starts": { "description": "When slot 0 begins.", "$ref": "#/$defs/instant" },
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
            "ends": {
              "description": "Every other end that is named below.",
              "type": "array", "items": { "$ref": "#/$defs/end" }
            },
            "items": {
              "description": "Everything that is named below, ascending by key.",
              "type": "array", "items": { "$ref": "#/$defs/item" }
            },
            "fetch": {
              "description": "What the device receives, in order of time.",
              "type": "array", "items": { "$ref": "#/$defs/movement" }
            },
            "serve": {
              "description": "What the device sends, in order of time.",
              "type": "array", "items": { "$ref": "#/$defs/movement" }
            },
            "remove": {
              "description": "What leaves the device's disk, in order of time.",
              "type": "array", "items": { "$ref": "#/$defs/removal" }
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
            "slot": { "description": "From starts.", "type": "integer", "minimum": 0, "maximum": 2097152 },
            "place": { "description": "Place in an array, from 0.", "type": "integer", "minimum": 0 },
            "item": {
              "type": "object",
              "additionalProperties": false,
              "required": ["cut", "key"],
              "properties": {
                "completes": { "description": "A wish for it comes true: all of it is there in the end.", "const": true },
                "cut": {
                  "description": "Bytes of a full chunk, then of each file; each file begins a chunk.",
                  "type": "array", "minItems": 2, "items": { "$ref": "#/$defs/positive" }
                },
                "fallbacks": {
                  "description": "Ends to ask for what a source failed to send, in this order: devices, then origins.",
                  "type": "array", "minItems": 1, "uniqueItems": true, "items": { "$ref": "#/$defs/place" }
                },
                "index": { "description": "SHA-256 of the chunk index; absent: not known.", "$ref": "#/$defs/sha256" },
                "key": { "$ref": "#/$defs/item_key" },
                "name": { "description": "Of what is fetched.", "type": "string", "minLength": 1 },
                "path": {
                  "description": "Where what is fetched lies at an origin, below base_url.",
                  "anyOf": [
                    { "$ref": "#/$defs/item_key" },
                    { "type": "string", "pattern": "^blobs/[0-9a-f]{64}$" }
                  ]
                },
                "title": { "description": "Absent: the key up to its @, perhaps escaped.", "$ref": "#/$defs/identifier" },
                "version": { "description": "Absent: the key beyond its @, perhaps escaped.", "type": "string" },
                "wish": { "description": "What is fetched counts in the wish area, not in the cache.", "const": true }
              },
              "dependentRequired": { "title": ["version"], "version": ["title"], "fallbacks": ["path"], "wish": ["path"] }
            },
            "end": { "oneOf": [{ "$ref": "#/$defs/device_end" }, { "$ref": "#/$defs/origin_end" }] },
            "device_end": {
              "type": "object",
              "additionalProperties": false,
              "required": ["id", "token"],
              "properties": {
                "address": {
                  "description": "This device connects to it there; empty: nobody knows where. Absent: the other end connects.",
                  "anyOf": [{ "const": "" }, { "$ref": "#/$defs/address" }]
                },
                "id": { "$ref": "#/$defs/identifier" },
                "public_key": { "type": "string", "minLength": 1 },
                "token": { "description": "A secret of these two ends, from which the tokens of movements follow; a fall-back is shown it.", "$ref": "#/$defs/token" }
              }
            },
            "origin_end": {
              "type": "object",
              "additionalProperties": false,
              "required": ["base_url", "id"],
              "properties": {
                "base_url": { "description": "An item lies at base_url and its path, a slash between.", "type": "string" },
                "id": { "$ref": "#/$defs/identifier" }
              }
            },
            "movement": {
              "description": "Slot, item, end, first chunk, last chunk, 1000 bit/s; then how many slots it lasts, if not one.",
              "type": "array", "minItems": 6, "maxItems": 7,
              "prefixItems": [
                { "$ref": "#/$defs/slot" }, { "$ref": "#/$defs/place" }, { "$ref": "#/$defs/place" },
                { "$ref": "#/$defs/chunk" }, { "$ref": "#/$defs/chunk" }, { "$ref": "#/$defs/positive" },
                { "type": "integer", "minimum": 2, "maximum": 1048576 }
              ]
            },
            "removal": {
              "description": "Slot, item, first chunk, last chunk: from then on they are neither kept nor sent.",
              "type": "array", "minItems": 4, "maxItems": 4,
              "prefixItems": [
                { "$ref": "#/$defs/slot" }, { "$ref": "#/$defs/place" },
                { "$ref": "#/$defs/chunk" }, { "$ref": "#/$defs/chunk" }
              ]
            },
            "standby": {
              "description": "Item, end that connects and asks, most bytes that may be sent tonight.",
              "type": "array", "minItems": 3, "maxItems": 3,
              "prefixItems": [
                { "$ref": "#/$defs/place" }, { "$ref": "#/$defs/place" }, { "$ref": "#/$defs/positive" }
              ]
            }
          }
        }

        """#
}
