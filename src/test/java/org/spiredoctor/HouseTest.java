package org.spiredoctor;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.evidence.cluster.ServerByApi;
import org.spiredoctor.evidence.cluster.ServerPod;
import org.spiredoctor.kube.Exec;
import org.spiredoctor.spire.server.ServerApi;
import org.spiredoctor.spire.server.ServerCli;
import org.spiredoctor.spire.server.SpireServer;

/** Holds the arrows between packages, so that the picture in CONTRIBUTING.md stays true. */
class HouseTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.spiredoctor");

  @Test
  void packagesUseOnlyWhatTheyMay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("cli")
        .definedBy("..cli..")
        .layer("wait")
        .definedBy("..wait..")
        .layer("run")
        .definedBy("..spiredoctor.run..")
        .layer("register")
        .definedBy("..spiredoctor.register..")
        .layer("check")
        .definedBy("..spiredoctor.check..")
        .layer("console")
        .definedBy("..console..")
        .layer("report")
        .definedBy("..report..")
        .layer("registration")
        .definedBy("..registration..")
        .layer("diagnosis")
        .definedBy("..diagnosis..")
        .layer("evidence")
        .definedBy("..evidence..")
        .layer("spire")
        .definedBy("..spire..")
        .layer("identity")
        .definedBy("..identity..")
        .layer("kube")
        .definedBy("..kube..")
        .layer("pod")
        .definedBy("..pod")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("wait")
        .mayOnlyBeAccessedByLayers("cli", "run")
        .whereLayer("run")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("register")
        .mayOnlyBeAccessedByLayers("cli", "run")
        .whereLayer("check")
        .mayOnlyBeAccessedByLayers("cli", "run", "register")
        .whereLayer("console")
        .mayOnlyBeAccessedByLayers("cli", "run", "register", "check", "wait")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("cli", "run", "register", "check", "wait", "console")
        .whereLayer("registration")
        .mayOnlyBeAccessedByLayers("cli", "run", "register", "check", "report")
        .whereLayer("diagnosis")
        .mayOnlyBeAccessedByLayers("cli", "run", "register", "check", "wait", "console", "report")
        .whereLayer("evidence")
        .mayOnlyBeAccessedByLayers(
            "cli", "run", "register", "check", "wait", "report", "diagnosis", "registration")
        .whereLayer("identity")
        .mayOnlyBeAccessedByLayers(
            "cli",
            "run",
            "register",
            "check",
            "report",
            "diagnosis",
            "registration",
            "evidence",
            "spire")
        .whereLayer("kube")
        .mayOnlyBeAccessedByLayers(
            "cli", "register", "check", "run", "diagnosis", "registration", "evidence", "identity")
        .whereLayer("spire")
        .mayOnlyBeAccessedByLayers(
            "cli", "register", "wait", "report", "diagnosis", "registration", "evidence")
        .check(HOUSE);
  }

  /** Whoever decides and does can be called by other means than a command line. */
  @Test
  void onlyCommandsKnowOptions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "..cli..")
        .check(HOUSE);
  }

  @Test
  void noPackagesUseEachOtherInACircle() {
    slices().matching("org.spiredoctor.(**)").should().beFreeOfCycles().check(HOUSE);
  }

  /** A new cause touches no other rule: they are joined by effects. */
  @Test
  void noRuleNamesAnotherAsACause() {
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .implement(Rule.class)
        .should(
            new ArchCondition<>("return another rule's class") {
              @Override
              public void check(JavaMethod method, ConditionEvents events) {
                method.getReferencedClassObjects().stream()
                    .map(ReferencedClassObject::getValue)
                    .filter(named -> named.isAssignableTo(Rule.class))
                    .filter(named -> !named.equals(method.getOwner()))
                    .forEach(
                        named ->
                            events.add(
                                SimpleConditionEvent.satisfied(
                                    method, method.getFullName() + " names " + named.getName())));
              }
            })
        .check(HOUSE);
  }

  @Test
  void theHeartIsPure() {
    noClasses()
        .that()
        .resideInAPackage("..identity..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io..", "com..", "jakarta..", "picocli..", "java.net..", "java.nio..", "java.io..")
        .check(HOUSE);
  }

  @Test
  void rulesTouchNothingOutside() {
    noClasses()
        .that()
        .resideInAPackage("..diagnosis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.channels..", "io.netty..", "picocli..")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "getenv")
        .check(HOUSE);
  }

  @Test
  void rulesHaveNoState() {
    classes().that().implement(Rule.class).should().haveOnlyFinalFields().check(HOUSE);
  }

  @Test
  void waitingNeedsNeitherKubernetesNorHttp() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..wait..",
            "..spiredoctor.run..",
            "..console..",
            "..report..",
            "..spire..",
            "..pod",
            "..evidence..",
            "..diagnosis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.quarkus..", "jakarta..", "java.net.http..")
        .check(HOUSE);
  }

  @Test
  void plansArePure() {
    noClasses()
        .that()
        .resideInAPackage("..registration")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..kube..", "..evidence..", "..diagnosis..", "..registration.server..", "java.net..")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "io.grpc..", "picocli..")
        .check(HOUSE);
  }

  @Test
  void onlyWhoAsksServersNeedsTheirApi() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "..spire.server..", "..evidence.cluster..", "..registration.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..spire.server..")
        .check(HOUSE);
  }

  @Test
  void onlySpireSpeaksItsProtocols() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..spiredoctor.spire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "io.grpc..")
        .check(HOUSE);
  }

  /** Whoever reads from a server or writes to it does not know which way leads there. */
  @Test
  void serversAreReachedThroughOnePort() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..spire.server..")
        .and(not(belongToAnyOf(ServerByApi.class, ServerPod.class)))
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ServerApi.class, ServerCli.class)
        .check(HOUSE);
    classes()
        .that()
        .implement(SpireServer.class)
        .should()
        .resideInAPackage("..spire.server..")
        .check(HOUSE);
  }

  /** No command of a SPIRE server is run but by the port; {@code run} has pods of its own. */
  @Test
  void onlyThePortRunsServersCommands() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..kube..", "..spiredoctor.run..")
        .and(not(belongToAnyOf(ServerPod.class)))
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Exec.class)
        .check(HOUSE);
  }
}
