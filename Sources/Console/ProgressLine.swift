/// One line that tells how far a long step is, drawn over itself on a terminal and nowhere else.
package final class ProgressLine {
    private let output: Output
    private let terminal: Terminal
    private let seconds: () -> Double
    private var drawnAt = -1.0
    private var isDrawn = false

    /// - Parameters:
    ///   - output: standard error.
    ///   - terminal: what it can show; nothing is drawn unless it is interactive.
    ///   - seconds: a steady clock, so that at most ten lines a second are drawn.
    package init(output: Output, terminal: Terminal, seconds: @escaping () -> Double) {
        self.output = output
        self.terminal = terminal
        self.seconds = seconds
    }

    /// Shows `text`, with how much is done when `total` is known.
    package func show(_ text: String, done: Int64, total: Int64? = nil) {
        guard terminal.isInteractive else { return }
        let now = seconds()
        guard now - drawnAt >= 0.1 else { return }
        drawnAt = now
        isDrawn = true
        let line = ProgressLine.line(text, done: done, total: total, width: terminal.width)
        output.write("\r\u{1B}[K" + line)
        output.flush()
    }

    /// Takes the line away, before anything else is printed.
    package func clear() {
        guard isDrawn else { return }
        isDrawn = false
        output.write("\r\u{1B}[K")
        output.flush()
    }

    /// The line as drawn, cut to `width - 1` columns.
    static func line(_ text: String, done: Int64, total: Int64?, width: Int) -> String {
        var line = text
        if let total, total > 0 {
            let share = min(1, Double(done) / Double(total))
            let filled = Int((share * 20).rounded(.down))
            let bar =
                String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
            line += "  \(bar) \(share.asPercent(0))"
        } else if done > 0 {
            line += "  \(done.grouped)"
        }
        return String(line.prefix(max(0, width - 1)))
    }
}
