/// The OpenAPI 3.1 description of `/v1`, made from `Operation` and the schemas beside it.
package enum OpenAPI {
    /// The document's bytes: the same at every call.
    package static let bytes: [UInt8] = document.bytes()

    package static var document: JSONValue {
        var paths: [JSONValue.Member] = []
        for operation in Operation.allCases {
            let method = JSONValue.Member(operation.method.lowercased(), description(of: operation))
            if let at = paths.firstIndex(where: { $0.name == operation.path }),
                case .object(let methods) = paths[at].value
            {
                paths[at].value = .object(methods + [method])
            } else {
                paths.append(.init(operation.path, .object([method])))
            }
        }
        return .members([
            "openapi": .string("3.1.0"),
            "info": .members([
                "title": .string("Esep"), "version": .string("1"),
                "description": .string(
                    "Registration of legal statistics' documents at territories, merged and accounted at the centre. "
                        + "More members may come in any answer; none goes. Errors are RFC 9457 problems."),
            ]),
            "jsonSchemaDialect": .string("https://json-schema.org/draft/2020-12/schema"),
            "paths": .object(paths),
            "components": .members(["schemas": OpenAPISchemas.all]),
        ])
    }

    private static func description(of operation: Operation) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("operationId", .string(operation.rawValue)), .init("summary", .string(operation.summary)),
        ]
        switch operation.scope {
        case .here: break
        case .centre:
            members.append(
                .init("description", .string("Answered by the centre; a territory passes it through, storing nothing."))
            )
        case .operatorCentre:
            members.append(
                .init("description", .string("On the socket of a node of the centre only; answered by its leader.")))
        case .operatorHere:
            members.append(.init("description", .string("On the node's own socket only.")))
        }
        let parameters = parameters(of: operation)
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body = OpenAPISchemas.requestBody(of: operation) { members.append(.init("requestBody", body)) }
        members.append(.init("responses", OpenAPISchemas.responses(of: operation)))
        return .object(members)
    }

    private static func parameters(of operation: Operation) -> [JSONValue] {
        let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            let name = String(part.dropFirst().dropLast())
            return parameter(name, place: "path", isRequired: true, meaning: meaning(ofPathName: name))
        }
        let inQuery = operation.query.map { name, isRequired, meaning in
            parameter(name, place: "query", isRequired: isRequired, meaning: meaning)
        }
        return inPath + inQuery
    }

    private static func meaning(ofPathName name: String) -> String {
        switch name {
        case "number":
            "A provisional (KZ-75/2026/CR-1/000123-P) or confirmed (2026/00000123) number or an account entry's; "
                + "its slashes stand as they are or as %2F."
        case "kind": "A card kind: CR-1."
        case "form": "A form: 1-M."
        case "code": "A sender's code, as its documents carry it in sender_subject."
        default: "An account type: 3."
        }
    }

    private static func parameter(_ name: String, place: String, isRequired: Bool, meaning: String) -> JSONValue {
        .members([
            "name": .string(name), "in": .string(place), "required": .bool(isRequired),
            "description": .string(meaning),
            "schema": .members(["type": .string(name == "limit" ? "integer" : "string")]),
        ])
    }
}
