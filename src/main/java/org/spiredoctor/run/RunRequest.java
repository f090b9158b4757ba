package org.spiredoctor.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.registration.Declarations;
import org.spiredoctor.run.binary.TestBinary;

/**
 * What is to be run, and how.
 *
 * @param query what is asked of the cluster
 * @param binary what is run; absent when a package is to be built first
 * @param arguments of the tests
 * @param register whether entries are made first
 * @param check whether a pod that will get no identity is given up
 * @param keep whether the pod stays
 * @param collect where the evidence is written when something fails
 * @param junit where the results of Go tests are written
 * @param owner of the entries that are registered
 */
public record RunRequest(
    ClusterQuery query,
    Optional<TestBinary> binary,
    Optional<String> goPackage,
    List<String> arguments,
    boolean register,
    boolean check,
    boolean keep,
    Optional<Path> collect,
    Optional<Path> junit,
    Declarations declarations,
    EntryOwner owner,
    TestPodRequest pod) {

  /** The identity of the tests, where nothing says that it is another. */
  Optional<String> expected(Optional<String> trustDomain) {
    boolean usual = declarations.inFiles().isEmpty() && !pod.labels().containsKey("app");
    return usual
        ? trustDomain.map(name -> "spiffe://" + name + "/integration-test")
        : Optional.empty();
  }
}
