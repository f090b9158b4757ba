package org.spiredoctor.growth;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Loads this project's classes so that they count their {@link Steps}. What grows shows however
 * fast the machine is; the insides of the JDK's collections are not counted, the lambdas and
 * comparisons that they call are.
 */
final class CountingLoader extends ClassLoader {
  private static final String COUNTED = "org.spiredoctor.";
  private static final ClassDesc STEPS = ClassDesc.of(Steps.class.getName());
  private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

  private final ClassFile files;

  CountingLoader(ClassLoader parent) {
    super(parent);
    this.files =
        ClassFile.of(
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(parent)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(COUNTED) || name.equals(Steps.class.getName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? counted(name) : known;
    }
  }

  private Class<?> counted(String name) throws ClassNotFoundException {
    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] counting =
          files.transformClass(
              files.parse(file.readAllBytes()),
              ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Counting::new)));
      return defineClass(name, counting, 0, counting.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Counts where a method begins, and before each branch. */
  private static final class Counting implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      code.invokestatic(STEPS, "step", NOTHING);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof BranchInstruction) {
        code.invokestatic(STEPS, "step", NOTHING);
      }
      code.with(element);
    }
  }
}
