// RolesTests
