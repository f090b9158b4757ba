package org.spiredoctor.registration;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;

/** Entries, declarations and agents for tests. */
public final class Given {
  public static final String TD = "spiffe://example.org";
  public static final String ALIAS = TD + "/spire-agent";
  public static final String SERVER = TD + "/spire/server";
  public static final String AGENT = TD + "/spire/agent/k8s_psat/demo/1";

  private Given() {}

  static Set<Selector> selectors(String... texts) {
    return Stream.of(texts).map(Selector::parse).collect(Collectors.toSet());
  }

  /** Under the alias. */
  public static Declared declared(String path, String... selectors) {
    return under(ALIAS, path, selectors);
  }

  static Declared under(String parent, String path, String... selectors) {
    return new Declared(
        Entry.of(TD + path, parent, selectors(selectors)), false, new Origin("web.yaml", 3));
  }

  /** One of a server, made by us where the hint says so. */
  public static Entry present(String id, String hint, String path, String... selectors) {
    return Entry.of(TD + path, ALIAS, selectors(selectors)).named(id, hint);
  }

  static Entry alias(String id, String... selectors) {
    return Entry.of(ALIAS, SERVER, selectors(selectors)).named(id, "");
  }

  static Agent agent(String id, String attestation, String... selectors) {
    return new Agent(
        id, attestation, selectors(selectors), false, true, Optional.empty(), Optional.empty());
  }

  static Agent psat() {
    return agent(
        AGENT,
        "k8s_psat",
        "k8s_psat:cluster:demo",
        "k8s_psat:agent_ns:spire-system",
        "k8s_psat:agent_sa:spire-agent",
        "k8s_psat:agent_node_name:demo-node");
  }
}
