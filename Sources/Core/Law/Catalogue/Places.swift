/// A first-level unit of the country (ISO 3166-2), or a body equated to a territorial one.
package struct Region: Hashable, Sendable {
    /// `KZ-75`.
    package var code: String
    package var labels: Labels
    package var centre: String
    package var from: Day?

    package init(code: String, labels: Labels, centre: String, from: Day?) {
        self.code = code
        self.labels = labels
        self.centre = centre
        self.from = from
    }
}

/// A settlement of the gazetteer. Coordinates in degrees (WGS 84).
package struct Settlement: Hashable, Sendable {
    package var id: Int64
    package var labels: Labels
    package var region: String
    package var latitude: Double
    package var longitude: Double
    package var population: Int

    package init(
        id: Int64, labels: Labels, region: String, latitude: Double, longitude: Double, population: Int
    ) {
        self.id = id
        self.labels = labels
        self.region = region
        self.latitude = latitude
        self.longitude = longitude
        self.population = population
    }
}
