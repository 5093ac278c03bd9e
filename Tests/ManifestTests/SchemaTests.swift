import Foundation
import Manifest
import TestSupport
import Testing

/// Whether python3 with jsonschema is there.
private let hasValidator =
    isInstalled("python3")
    && (try? run("python3", ["-c", "import jsonschema"]))?.status == 0

@Suite(
    .enabled(
        if: hasValidator,
        "validating needs python3 with the package jsonschema (pip install jsonschema)"))
struct SchemaTests {
    private static let validator = """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(schema)
        check = jsonschema.Draft202012Validator(schema)
        for line in sys.stdin:
            fault = next(iter(check.iter_errors(json.loads(line))), None)
            print('right' if fault is None else 'wrong')
        """

    /// For each text, whether the schema accepts it.
    private func verdicts(_ texts: [String]) throws -> [Bool] {
        let folder = try TemporaryFolder()
        let schema = try folder.write(Array(ManifestSchema.json.utf8), to: "schema.json")
        let result = try run(
            "python3", ["-c", SchemaTests.validator, schema],
            input: Array(texts.joined(separator: "\n").utf8))
        try #require(result.status == 0, "\(result.output)")
        let verdicts = result.output.split(separator: "\n").map { $0 == "right" }
        try #require(verdicts.count == texts.count)
        return verdicts
    }

    private func text(_ draft: ManifestDraft) -> String {
        String(decoding: draft.canonicalBytes, as: UTF8.self)
    }

    @Test func `every manifest is of the published form`() throws {
        let example = ExampleNight().index
        var texts = example.devices.map { text(example.draft(forDevice: $0)) }
        for seed in 0..<40 {
            let index = RandomPlan(seed: UInt64(seed)).index
            texts += index.devices.map { text(index.draft(forDevice: $0)) }
        }
        let verdicts = try verdicts(texts)
        for (text, isRight) in zip(texts, verdicts) { #expect(isRight, "\(text)") }
    }

    @Test func `mistakes are not`() throws {
        let right = text(ExampleNight().index.draft(forDevice: 1))
        let changes = [
            (#""caps""#, #""cap""#), (#""device":"box-b""#, #""device":"""#),
            (#""version":"3.0","window""#, #""version":"2.0","window""#),
            (#""schema":"mediaplan-manifest""#, #""schema":"x""#),
            (#""sequence":7"#, #""sequence":-7"#), (#""sequence":7"#, #""sequence":7.5"#),
            (#""sequence":7"#, #""sequence":"7""#), (#""sequence":7"#, #""sequence":7,"x":1"#),
            (#""night":"2026-11-23""#, #""night":"23.11.2026""#),
            (#"[1,0,0,0,2,1]"#, #"[1,0,0,0,2]"#), (#"[1,0,0,0,2,1]"#, #"[1,0,0,0,2,1,1]"#),
            (#"[1,0,0,0,2,1]"#, #"[1,0,0,0,2,1,2,2]"#), (#"[1,0,0,0,2,1]"#, #"[1,0,0,0,2,0]"#),
            (#"[1,0,0,0,2,1]"#, #"[-1,0,0,0,2,1]"#), (#"[1,0,0,0,2,1]"#, #"[1,-1,0,0,2,1]"#),
            (#"[1,0,0,0,2,1]"#, #"[1,0,0.5,0,2,1]"#), (#"[1,0,0,0,2,1]"#, #"[1,0,0,0,"2",1]"#),
            (#"[1,0,0,0,2,1]"#, "{}"), (#""wish":true"#, #""wish":false"#),
            (#""token":"cb12"#, #""token":"CB12"#), (#""token":""#, #""tokens":""#),
            (#""cut":[1024,3500,17]"#, #""cut":[1024]"#), (#""cut":["#, #""cut":[0,"#),
            (#""completes":true,"#, #""completes":false,"#), (#""key":""#, #""keys":""#),
            (#""version":"1.0","#, ""), (#""title":"example.com/ALPHA","#, ""),
            (#""index":"8ed3"#, #""index":"8ED3"#), (#""index":"8ed3"#, #""index":"ed3"#),
            (#""fallbacks":[2,3,4]"#, #""fallbacks":[]"#), (#""rates""#, #""rate""#),
            (#""fallbacks":[2,3,4]"#, #""fallbacks":[2,2]"#),
            (#""up_kbps":"#, #""up_kbps":-"#), (#""path":""#, #""path":"blobs/"#),
            (#""id":"near"}"#, #""id":"near","token":"00"}"#), (#""id":"near"}"#, #""id":""}"#),
            (#""base_url":"http://10.0.0.1/vod""#, #""url":"http://10.0.0.1/vod""#),
            (#""address":"10.1.0.13:7070""#, #""address":"10.1.0.13""#),
            (#""standby":[]"#, #""standby":[{}]"#), (#""reserve_bytes""#, #""reserved_bytes""#),
            (#""standby":[]"#, #""standby":[[0,1,0]]"#), (#""remove":[]"#, #""remove":[[1,0,0]]"#),
            (#""key":"example.com~2FALPHA@1.0""#, #""key":"example.com/ALPHA@1.0""#),
            (#""starts":"2026-11-23T20:00:00Z","version""#, #""starts":"20:00","version""#),
            (#""plan":""#, #""plan":"0"#), (#""serve":["#, #""serve":[[],"#),
            (#""slot_seconds":900"#, #""slot_seconds":0"#),
        ]
        for change in changes { #expect(right.contains(change.0), "\(change.0)") }
        let wrong = changes.map {
            right.replacing($0.0, with: $0.1, maxReplacements: 1)
        }
        let verdicts = try verdicts([right] + wrong)
        #expect(verdicts[0])
        for (change, isRight) in zip(changes, verdicts.dropFirst()) {
            #expect(!isRight, "\(change)")
        }
    }
}
