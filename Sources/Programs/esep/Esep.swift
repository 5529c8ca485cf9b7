@main
struct Esep {
    static func main() {}
}
