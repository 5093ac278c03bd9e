/// A request that a server's connection works on, and how far it is.
struct Answering {
    /// How far it is.
    enum Step {
        /// Nothing has been answered.
        case asked
        /// An answer goes out.
        case sending(onEnd: (End, Int64) -> Void)
        /// A body comes in.
        case receiving(onEnd: (End, Int64) -> Void)
    }

    var id: RequestID
    var enquiry: Enquiry
    var step = Step.asked
}
