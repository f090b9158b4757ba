package org.spiredoctor.program;

import static org.spiredoctor.program.ClusterFault.fault;
import static org.spiredoctor.program.FaultScripts.AGENTS_HAVE_IT;
import static org.spiredoctor.program.FaultScripts.ALIAS;
import static org.spiredoctor.program.FaultScripts.ASKING_INIT;
import static org.spiredoctor.program.FaultScripts.INIT;
import static org.spiredoctor.program.FaultScripts.entry;
import static org.spiredoctor.program.FaultScripts.entryWith;

import java.util.List;

/** Entries that do not fit the pod. */
final class EntryFaults {
  private EntryFaults() {}

  static List<ClusterFault> all() {
    String ns = "k8s:ns:apps";
    String sa = "k8s:sa:default";
    String app = "k8s:pod-label:app:web";
    return List.of(
        fault("entry missing", "entry-missing").inject(entry()),
        fault("label mistyped", "entry-selector-mismatch")
            .inject(entryWith(ns, sa, "k8s:pod-label:app:wbe")),
        fault("namespace mistyped", "entry-selector-mismatch")
            .inject(entryWith("k8s:ns:app", sa, app)),
        fault("service account mistyped", "entry-selector-mismatch")
            .inject(entryWith(ns, "k8s:sa:defualt", app)),
        fault("two entries of one hint", "entry-hint-duplicate")
            .inject(
                """
                server entry update -entryID "$(entry_ids -spiffeID spiffe://example.org/web)" \
                  -spiffeID spiffe://example.org/web -parentID spiffe://example.org/spire-agent \
                  -selector k8s:ns:apps -selector k8s:sa:default -selector k8s:pod-label:app:web \
                  -hint same
                server entry create -spiffeID spiffe://example.org/all \
                  -parentID spiffe://example.org/spire-agent -selector k8s:ns:apps -hint same
                """)
            .arguments("--strict"),
        fault("another user than the entry wants", "entry-selector-mismatch")
            .replace("  containers:\n", "  securityContext: {runAsUser: 1000}\n  containers:\n")
            .inject(entryWith(ns, sa, app, "unix:uid:0")),
        fault("parent is a slip of the alias's name", "entry-parent-alias-missing")
            .inject(
                entry(
                    "-parentID spiffe://example.org/spire-agnet",
                    "-selector " + ns + " -selector " + sa + " -selector " + app)),
        fault("parent alias missing", "entry-parent-alias-missing")
            .inject("server entry delete -entryID \"$(entry_ids -spiffeID " + ALIAS + ")\""),
        fault("alias names another cluster", "entry-parent-alias-missing")
            .inject(
                "server entry delete -entryID \"$(entry_ids -spiffeID "
                    + ALIAS
                    + ")\"\nserver entry create -node -spiffeID "
                    + ALIAS
                    + " -selector k8s_psat:cluster:production"),
        fault("parent is an agent that is gone", "entry-parent-unknown")
            .inject(
                entry(
                    "-parentID spiffe://example.org/spire/agent/k8s_psat/demo/0000-gone",
                    "-selector " + ns + " -selector " + sa + " -selector " + app)),
        fault("entry expired", "entry-expired")
            .inject(
                entry(
                    "-parentID " + ALIAS + " -entryExpiry $(($(date +%s) + 3))",
                    "-selector " + ns + " -selector " + sa + " -selector " + app)),
        fault("entry for the app, asked by the init container", "entry-container-scoped")
            .replace("  containers:\n", ASKING_INIT + "  containers:\n")
            .inject(entryWith(ns, sa, "k8s:container-name:app") + "\n" + AGENTS_HAVE_IT),
        fault("an init container more than the entry counts", "entry-image-count-changed")
            .replace("  containers:\n", INIT + "  containers:\n")
            .inject(entryWith(ns, sa, app, "k8s:pod-init-image-count:0")));
  }
}
