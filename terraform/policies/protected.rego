# Resources that the catalog protects are never destroyed or replaced.
package quarterdeck

hard contains violation("protected", rc, sprintf("is protected by the catalog (%s) and would be destroyed", [entry.pattern])) if {
	some rc in destroyed
	some entry in input.settings.protected
	regex.match(entry.regex, rc.address)
}

hard contains violation("protected", rc, sprintf("is protected by the catalog (%s) and would be destroyed", [entry.pattern])) if {
	some rc in destroyed
	some entry in input.settings.protected
	regex.match(entry.regex, rc.type)
}

# After a `forget`, Terraform no longer manages the resource, so no rule could protect it.
hard contains violation("protected", rc, sprintf("is protected by the catalog (%s) and would be removed from the state", [entry.pattern])) if {
	some rc in managed
	"forget" in rc.change.actions
	some entry in input.settings.protected
	regex.match(entry.regex, rc.address)
}
