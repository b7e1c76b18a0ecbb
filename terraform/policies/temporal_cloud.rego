# Who may do what in Temporal Cloud.
package quarterdeck

account_members := {"temporalcloud_user", "temporalcloud_service_account", "temporalcloud_group_access"}

account_role(values) := lower(value_of(values, "account_access", value_of(values, "account_role", "")))

# A role that the plan gives: to somebody new, or instead of another.
given_role(rc) := role if {
	kind(rc) in account_members
	role := account_role(after(rc))
	not keeps_role(rc, role)
}

keeps_role(rc, role) if {
	not "create" in rc.change.actions
	account_role(before(rc)) == role
}

soft contains violation("admin_user", rc, "becomes an admin of the whole account") if {
	some rc in written
	given_role(rc) == "admin"
}

hard contains violation("account_owner", rc, "would own the account: that role is never given by code") if {
	some rc in written
	given_role(rc) == "owner"
}

soft contains violation("admin_user", rc, "gets a role that is known only when it is applied") if {
	some rc in written
	kind(rc) in account_members
	some name in ["account_access", "account_role", "input"]
	unknown(rc, name)
}

soft contains violation("admin_user", rc, "gets a role that is hidden in the plan") if {
	some rc in written
	given_role(rc) == "(sensitive)"
}
