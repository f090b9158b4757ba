package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;

/** One SPIRE of a cluster: its server, and the agents that talk to it. */
public final class Installation {
  private final List<Component> servers;
  private final List<Component> agents;
  private final Observed<List<Entry>> entries;
  private final Observed<List<Agent>> attested;
  private final Optional<ServerRoute> route;

  /**
   * @param servers one, as a rule; none when it is elsewhere, or not known which it is
   * @param entries that its server has
   * @param attested the agents that its server knows
   * @param route to its server, where it was asked over its API
   */
  Installation(
      List<Component> servers,
      List<Component> agents,
      Observed<List<Entry>> entries,
      Observed<List<Agent>> attested,
      Optional<ServerRoute> route) {
    this.servers = servers;
    this.agents = agents;
    this.entries = entries;
    this.attested = attested;
    this.route = route;
  }

  /** Its servers. */
  public List<Component> servers() {
    return servers;
  }

  /** Its agents. */
  public List<Component> agents() {
    return agents;
  }

  /** Both. */
  public Stream<Component> components() {
    return Stream.concat(servers.stream(), agents.stream());
  }

  /** Whether it is SPIRE, and does not only say so; also where the user said how to reach it. */
  public boolean isCorroborated() {
    return route.isPresent() || components().anyMatch(Component::isCorroborated);
  }

  /** Whether this is a part of it. */
  boolean holds(Component component) {
    return components().anyMatch(component::equals);
  }

  /** The same without some parts. */
  Installation without(List<Component> some) {
    return new Installation(
        servers.stream().filter(one -> !some.contains(one)).toList(),
        agents.stream().filter(one -> !some.contains(one)).toList(),
        entries,
        attested,
        route);
  }

  /** The entries of its server. */
  public Observed<List<Entry>> entries() {
    return entries;
  }

  /** The agents that its server knows. */
  public Observed<List<Agent>> attested() {
    return attested;
  }

  /** Its trust domain, as far as its configuration tells. */
  public Optional<String> trustDomain() {
    return components().flatMap(c -> c.trustDomain().stream()).findFirst();
  }

  /** The program of its server. */
  public Optional<ServerProgram> program() {
    return servers.stream()
        .flatMap(server -> ServerProgram.of(server).stream())
        .findFirst()
        .or(() -> route.map(ServerRoute::program));
  }

  /** {@code StatefulSet spire-system/spire-server of example.org}. */
  public String inWords() {
    return components().findFirst().map(Component::inWords).orElse("SPIRE")
        + trustDomain().map(domain -> " of " + domain).orElse("");
  }
}
