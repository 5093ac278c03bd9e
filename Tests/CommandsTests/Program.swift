import Foundation

/// The built program, as a user runs it.
enum Program {
    /// How a command ended and all it printed.
    struct Result: Sendable {
        var status: Int32
        var output: String
    }

    /// The folder that holds `mediaplan`: beside the running tests.
    static let folder: URL = {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent()
    }()

    /// A program in `folder` that does the same as `mediaplan`, in workspaces whose plans are
    /// searched for no longer than a moment: the tests' build is slow at searching.
    ///
    /// - Returns: its folder.
    static func hasty(in folder: URL) throws -> URL {
        let own = folder.appending(path: ".hasty")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let file = own.appending(path: "mediaplan")
        try Data(
            """
            #!/bin/sh
            '\(Program.folder.path)/mediaplan' "$@" || exit
            [ "$1" != init ] || sed -i 's/^  effort: .*/  effort: 0/' "$2/mediaplan.yaml"

            """.utf8
        ).write(to: file)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: file.path)
        return own
    }

    /// A process that runs `command` in `/bin/sh`, not started.
    static func process(_ command: String, in folder: URL) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": Program.folder.path + ":/usr/local/bin:/usr/bin:/bin", "HOME": folder.path,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        ]
        return process
    }

    /// Runs `command` to its end, both streams together.
    static func shell(_ command: String, in folder: URL) throws -> Result {
        let process = process(command, in: folder)
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let signalled = process.terminationReason == .uncaughtSignal
        return Result(
            status: process.terminationStatus + (signalled ? 128 : 0),
            output: String(decoding: output, as: UTF8.self))
    }
}
