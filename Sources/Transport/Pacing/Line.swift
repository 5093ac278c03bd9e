/// The line of the whole device, shared by its client and its server: what all exchanges together
/// may move, each direction by itself. Of several that are ready, the lowest order goes first.
package final class Line {
    /// What is sent; a change counts at once.
    package var up: LineRate
    /// What is received; a change counts at once.
    package var down: LineRate

    package init(loop: EventLoop, up: LineRate = .unlimited, down: LineRate = .unlimited) {
        self.up = up
        self.down = down
    }
}
