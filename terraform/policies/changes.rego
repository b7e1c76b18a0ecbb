# The changes of a plan, and the functions with which rules read them.
package quarterdeck

managed := [rc | some rc in input.plan.resource_changes; rc.mode == "managed"]

# Created, changed or replaced: the resource exists after apply.
written := [rc | some rc in managed; writes(rc.change.actions)]

destroyed := [rc | some rc in managed; "delete" in rc.change.actions]

replaced := [rc | some rc in destroyed; "create" in rc.change.actions]

writes(actions) if "create" in actions

writes(actions) if "update" in actions

# The attributes before and after. In the demo's stacks, `terraform_data` stands in for other types: its input holds
# their attributes.
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

# The type of a resource, or the type that a `terraform_data` stands in for: its name.
kind(rc) := rc.type if rc.type != "terraform_data"

kind(rc) := rc.name if rc.type == "terraform_data"

# An attribute, or the default value where it is absent or null.
value_of(values, name, default_value) := value if {
	is_object(values)
	value := object.get(values, name, null)
	value != null
} else := default_value

was(rc, name) := value_of(before(rc), name, null)

is_now(rc, name) := value_of(after(rc), name, null)

# Whether an attribute is unknown until apply.
unknown(rc, name) if object.get(rc.change, ["after_unknown", name], false) == true

as_array(value) := value if is_array(value)

as_array(value) := [value] if not is_array(value)
