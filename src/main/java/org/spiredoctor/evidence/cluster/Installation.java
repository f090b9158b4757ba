package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;

/** One SPIRE of a cluster: its server, and the agents that talk to it. */
public final class Installation {
  private final List<Component> servers;
  private final List<Component> agents;
  private final Observed<List<Entry>> entries;
  private final Observed<List<Agent>> attested;
  private final List<ServerAnswers> answers;

  /**
   * @param servers one, as a rule; none when it is elsewhere, or not known which it is
   * @param entries that its server has
   * @param attested the agents that its server knows
   * @param answers of its server, as each pod or address gave them
   */
  Installation(
      List<Component> servers,
      List<Component> agents,
      Observed<List<Entry>> entries,
      Observed<List<Agent>> attested,
      List<ServerAnswers> answers) {
    this.servers = servers;
    this.agents = agents;
    this.entries = entries;
    this.attested = attested;
    this.answers = List.copyOf(answers);
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
    return answers.stream().anyMatch(said -> said.route().overApi())
        || components().anyMatch(Component::isCorroborated);
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
        answers);
  }

  /** The entries of its server. */
  public Observed<List<Entry>> entries() {
    return entries;
  }

  /** The agents that its server knows. */
  public Observed<List<Agent>> attested() {
    return attested;
  }

  /** What its server said, as each pod or address gave it; none where none was asked. */
  public List<ServerAnswers> answers() {
    return answers;
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
        .or(
            () ->
                answers.stream()
                    .map(ServerAnswers::route)
                    .filter(ServerRoute::overApi)
                    .findFirst()
                    .map(ServerRoute::program));
  }

  /** {@code StatefulSet spire-system/spire-server of example.org}. */
  public String inWords() {
    return components().findFirst().map(Component::inWords).orElse("SPIRE")
        + trustDomain().map(domain -> " of " + domain).orElse("");
  }
}
