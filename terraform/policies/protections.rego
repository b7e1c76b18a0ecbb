# Protections against deletion that are switched off.
package quarterdeck

# Settings that protect when they are true.
guards := {
	"deletion_protection", "deletion_protection_enabled", "enable_deletion_protection", "disable_api_termination",
	"termination_protection", "prevent_destroy", "point_in_time_recovery_enabled", "purge_protection_enabled",
}

# Settings that protect when they are false.
dangers := {"skip_final_snapshot", "force_destroy", "force_delete", "skip_destroy_protection", "delete_automated_backups"}

soft contains violation("protection_off", rc, sprintf("loses its protection: %s is switched off", [name])) if {
	some rc in written
	some name in guards
	was(rc, name) in {true, "true", "DELETION_PROTECTION_ENABLED"}
	not is_now(rc, name) in {true, "true", "DELETION_PROTECTION_ENABLED"}
}

soft contains violation("protection_off", rc, sprintf("loses its protection: %s is switched on", [name])) if {
	some rc in written
	some name in dangers
	is_now(rc, name) in {true, "true"}
	not was(rc, name) in {true, "true"}
	not "create" in rc.change.actions
}

soft contains violation("protection_off", rc, "loses its backups: backup_retention_period is 0") if {
	some rc in written
	is_now(rc, "backup_retention_period") == 0
	value_of(before(rc), "backup_retention_period", 0) > 0
}

soft contains violation("final_snapshot", rc, "is destroyed without a final snapshot") if {
	some rc in destroyed
	was(rc, "skip_final_snapshot") == true
}
