# What a plan does, in the terms of the rules.
package quarterdeck

managed := [rc | some rc in input.plan.resource_changes; rc.mode == "managed"]

# Created, changed or replaced: there is an afterwards.
written := [rc | some rc in managed; writes(rc.change.actions)]

destroyed := [rc | some rc in managed; "delete" in rc.change.actions]

replaced := [rc | some rc in destroyed; "create" in rc.change.actions]

writes(actions) if "create" in actions

writes(actions) if "update" in actions

# Attributes before and after. The demo's stacks stand in for a provider with `terraform_data`, whose input is meant.
before(rc) := object.get(attributes(rc, rc.change.before), [], {})

after(rc) := object.get(attributes(rc, rc.change.after), [], {})

attributes(rc, values) := values if {
	is_object(values)
	rc.type != "terraform_data"
}

attributes(rc, values) := object.get(values, "input", {}) if {
	is_object(values)
	rc.type == "terraform_data"
}

attributes(_, values) := {} if not is_object(values)

# The kind of a resource: its type, or the name under which `terraform_data` stands in for one.
kind(rc) := rc.type if rc.type != "terraform_data"

kind(rc) := rc.name if rc.type == "terraform_data"

# An attribute, or the given value where it is absent or null.
value_of(values, name, otherwise) := found if {
	is_object(values)
	found := object.get(values, name, null)
	found != null
} else := otherwise

was(rc, name) := value_of(before(rc), name, null)

is_now(rc, name) := value_of(after(rc), name, null)

# Known only when it is applied.
unknown(rc, name) if object.get(rc.change, ["after_unknown", name], false) == true

as_array(value) := value if is_array(value)

as_array(value) := [value] if not is_array(value)
