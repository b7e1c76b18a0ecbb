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

# To forget is to lose sight of it: nobody would notice that it is no longer protected.
hard contains violation("protected", rc, sprintf("is protected by the catalog (%s) and would be forgotten", [entry.pattern])) if {
	some rc in managed
	"forget" in rc.change.actions
	some entry in input.settings.protected
	regex.match(entry.regex, rc.address)
}
