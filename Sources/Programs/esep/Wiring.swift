import Logging
package import Node

/// The one place that says which house the program lives in; tests put their own there.
package enum Wiring {
    @TaskLocal package static var house: any NodeHouse = House(logger: Logger(label: "esep.node"))
}
