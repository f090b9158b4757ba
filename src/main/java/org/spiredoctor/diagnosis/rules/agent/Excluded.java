package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;

/** The required node affinity excludes the node. */
record Excluded(String affinity) implements Absence {
  @Override
  public boolean byDesign() {
    return true;
  }

  @Override
  public String inWords() {
    return ": the agents' node affinity excludes it";
  }

  @Override
  public List<Quote> quotes() {
    return List.of(new Quote("node affinity of the agents", affinity));
  }

  @Override
  public List<Remedy> remedies(Component agents, String node) {
    return agents.owner().stream()
        .<Remedy>map(
            owner ->
                new Remedy.Command(
                    "Let the agents run on every node",
                    Kubectl.patch(
                        owner,
                        "[{\"op\":\"remove\",\"path\":\"/spec/template/spec"
                            + Placement.AFFINITY
                            + "\"}]")))
        .toList();
  }
}
