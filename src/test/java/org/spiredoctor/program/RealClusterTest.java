package org.spiredoctor.program;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Tests in the {@linkplain RealCluster#cluster() real cluster}, which is started before the first
 * of them; where there is none, one line says that they were left out.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag(RealCluster.TAG)
@ExtendWith(RealClusterTest.Start.class)
@interface RealClusterTest {
  /** The tests, for that line. */
  String value();

  /** Whether they need the native binary too. */
  boolean binary() default false;

  /** Comes before what the tests themselves prepare. */
  final class Start implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
      RealClusterTest tests =
          AnnotationSupport.findAnnotation(context.getRequiredTestClass(), RealClusterTest.class)
              .orElseThrow();
      Assume.that(
          RealCluster.available() && (!tests.binary() || Program.hasNative()),
          tests.value(),
          tests.binary() ? "a build with -Dnative, and " + RealCluster.NEEDED : RealCluster.NEEDED);
      RealCluster _ = RealCluster.shared();
    }
  }
}
