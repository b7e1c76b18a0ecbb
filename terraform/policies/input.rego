# The input must be a complete plan with its settings. A missing part must never count as a plan without violations.
package quarterdeck

hard contains {
	"rule": "policy_input",
	"message": "The policy input is incomplete, so the plan cannot be evaluated.",
} if not well_formed

well_formed if {
	is_string(input.plan.format_version)
	is_array(input.plan.resource_changes)
	input.plan.errored == false
	every rc in input.plan.resource_changes {
		is_string(rc.address)
		is_string(rc.type)
		is_array(rc.change.actions)
	}
	limit_or_none(input.settings.maxDestroys)
	is_number(input.settings.reviewDestroysAbove)
	is_array(input.settings.protected)
	is_string(input.subject.service)
}

limit_or_none(value) if is_number(value)

limit_or_none(value) if value == null
