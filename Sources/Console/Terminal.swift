import Glibc

/// What one of the standard streams can show.
package struct Terminal: Hashable, Sendable {
    /// Whether a person watches the stream: progress is drawn only then.
    package var isInteractive: Bool
    /// Whether colour may be used: a terminal, `NO_COLOR` unset or empty, `TERM` not `dumb`.
    package var hasColour: Bool
    /// Columns, 80 when unknown.
    package var width: Int

    /// A stream that is no terminal.
    package static let plain = Terminal(isInteractive: false, hasColour: false, width: 80)

    package init(isInteractive: Bool, hasColour: Bool, width: Int) {
        self.isInteractive = isInteractive
        self.hasColour = hasColour
        self.width = width
    }

    /// What `stream` (a file descriptor: 1 or 2) can show in this environment.
    package init(stream: Int32, environment: [String: String]) {
        let dumb = (environment["TERM"] ?? "dumb") == "dumb"
        let muted = !(environment["NO_COLOR"] ?? "").isEmpty
        let terminal = isatty(stream) == 1
        isInteractive = terminal && !dumb
        hasColour = isInteractive && !muted
        var size = winsize()
        let known = terminal && ioctl(stream, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = known ? Int(size.ws_col) : 80
    }
}

/// How a word stands out on a terminal; nothing elsewhere.
package enum Emphasis: String, Sendable {
    case bold = "1"
    case faint = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    /// `text` between the escape sequences (ECMA-48, SGR) when `terminal` has colour.
    package func applied(to text: String, on terminal: Terminal) -> String {
        terminal.hasColour ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
