import Console
import Foundation
import Quantities
import Testing

/// Rows, numbers, JSON and messages.
@Suite struct ConsoleTests {
    private func printed(_ format: RowFormat, _ rows: [[Cell]], terminal: Terminal = .plain)
        -> String
    {
        let pipe = Pipe()
        let output = Output(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let printer = RowPrinter(
            columns: ["device", "size_bytes", "accepts"], format: format, output: output,
            terminal: terminal)
        for row in rows { printer.print(row) }
        printer.finish()
        output.flush()
        pipe.fileHandleForWriting.closeFile()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    private let rows: [[Cell]] = [
        [.text("a,b"), .bytes(4_194_304), .flag(true)], [.text("c\u{7}\"d"), .none, .flag(false)],
    ]

    @Test func `aligns a table, sizes with units, no control characters`() {
        #expect(
            printed(.table, rows) == """
                DEVICE     SIZE  ACCEPTS
                a,b     4.19 MB  yes
                c?"d             no

                """)
    }

    @Test func `prints CSV, a JSON array and JSON Lines`() {
        #expect(
            printed(.csv, rows)
                == "device,size_bytes,accepts\n\"a,b\",4194304,yes\n\"c\u{7}\"\"d\",,no\n")
        let first = #"{"device":"a,b","size_bytes":4194304,"accepts":true}"#
        let second = #"{"device":"c\u0007\"d","size_bytes":null,"accepts":false}"#
        #expect(printed(.jsonl, rows) == first + "\n" + second + "\n")
        #expect(printed(.json, rows) == "[\n" + first + ",\n" + second + "\n]\n")
    }

    @Test func `prints what no rows look like`() {
        #expect(printed(.table, []) == "")
        #expect(printed(.csv, []) == "device,size_bytes,accepts\n")
        #expect(printed(.json, []) == "[]\n")
        #expect(printed(.jsonl, []) == "")
    }

    @Test(
        arguments: [
            (0, 6, "0"), (50_000, 6, "0.05"), (1_000_000, 6, "1"), (-3_000_001, 6, "-3.000001"),
            (1_500_000_001, 9, "1.500000001"), (7, 0, "7"), (Int64.min, 1, "-922337203685477580.8"),
            (9_007_199_254_740_993, 6, "9007199254.740993"),
        ] as [(Int64, Int, String)])
    func `prints decimal numbers exactly`(value: Int64, places: Int, text: String) {
        let cell = Cell.decimal(value, places: places)
        #expect(cell.human == text)
        #expect(cell.plain == text)
        #expect(cell.json.compact == text)
    }

    @Test func `goes on printing a table past the rows that were measured`() {
        let many = (0..<1500).map { [Cell.text("d\($0)"), .integer(1), .none] }
        #expect(printed(.table, many).split(separator: "\n").count == 1501)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (4_194_304, "4.19 MB"),
        (99_950_000, "100 MB"),
        (999_499_999, "999 MB"), (999_500_000, "1.00 GB"), (-1500, "-1.50 kB"),
        (12_345_000_000_000, "12.3 TB"),
        (1_234_500_000_000_000, "1,235 TB"),
    ])
    func `writes sizes for people`(bytes: Int64, text: String) { #expect(bytes.asBytes == text) }

    @Test func `writes counts, parts and durations for people`() {
        #expect(
            [0, 999, 1000, -1_234_567].map { $0.grouped } == ["0", "999", "1,000", "-1,234,567"])
        #expect(Int64(1_234_567_890).millionths == "1,234.568")
        #expect(Int64(-499).millionths == "0.000")
        #expect(
            [0.0, 0.5, 0.99999, 1].map { $0.asPercent() } == [
                "0.0 %", "50.0 %", "100.0 %", "100.0 %",
            ])
        #expect(
            [0.004, 9.99, 12.34, 245.2].map(\.asSeconds) == [
                "0.00 s", "9.99 s", "12.3 s", "4 min 05 s",
            ])
    }

    @Test func `writes JSON with members in order and nothing ambiguous`() {
        let value = JSONValue.members([
            ("z", .integer(Int64.min)), ("a", .number(0.1)), ("gone", nil), ("n", .null),
            ("l", .array([.flag(true), .text("é\n\u{1F}\\")])), ("w", .number(-2)),
        ])
        #expect(
            value.compact
                == #"{"z":-9223372036854775808,"a":0.1,"n":null,"l":[true,"é\n\u001f\\"],"w":-2}"#)
    }

    @Test func `draws nothing where nobody watches`() {
        let pipe = Pipe()
        let output = Output(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        ProgressLine(output: output, terminal: .plain) { 0 }.show("reading", done: 1)
        output.flush()
        pipe.fileHandleForWriting.closeFile()
        #expect(pipe.fileHandleForReading.readDataToEndOfFile().isEmpty)
    }

    @Test func `colours only a terminal that allows it`() {
        let colourful = Terminal(isInteractive: true, hasColour: true, width: 80)
        #expect(Emphasis.red.applied(to: "x", on: colourful) == "\u{1B}[31mx\u{1B}[0m")
        #expect(Emphasis.red.applied(to: "x", on: .plain) == "x")
    }

    @Test func `keeps a fault of standard output until the end, but for a reader that left`() throws
    {
        let full = Output(descriptor: open("/dev/full", O_WRONLY))
        full.line("x")
        #expect(throws: OutputFault.self) { try full.finish() }
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        pipe.fileHandleForReading.closeFile()
        let gone = Output(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        gone.line("x")
        try gone.finish()
        #expect(!gone.isOpen)
    }
}
