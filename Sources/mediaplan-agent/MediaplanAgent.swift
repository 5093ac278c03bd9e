@main
struct MediaplanAgent {
    static func main() {}
}
