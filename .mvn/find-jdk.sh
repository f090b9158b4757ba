# shellcheck shell=sh
# Sets and exports JAVA_HOME to a JDK of the feature version below or newer. Sourced by mvnw, so that
# `./mvnw` works where the default java is older. Where JAVA_HOME is such a JDK already, it is left as
# it is; else exactly that version is preferred, and then the next one that is installed.

jdk_wanted=25

# Prints the home of the JDK to build with, or fails. The body is a subshell: nothing leaks into mvnw.
jdk_find() (
  set +euf # nothing here is an error, and the patterns below must expand

  # feature_version HOME: prints 25 for a JDK 25; fails where HOME is no JDK.
  feature_version() {
    [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
    version=
    if [ -r "$1/release" ]; then
      while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        JAVA_VERSION=*)
          version=${line#JAVA_VERSION=}
          version=${version#\"}
          break
          ;;
        esac
      done <"$1/release"
    fi
    version=${version%%[!0-9]*}
    if [ -z "$version" ]; then
      output=$("$1/bin/java" -version 2>&1 </dev/null)
      case $output in
      *' version "'*)
        version=${output#*' version "'}
        version=${version%%[!0-9]*}
        ;;
      esac
    fi
    [ -n "$version" ] && printf '%s\n' "$version"
  }

  # Prints the home of the `java` on the PATH, which may be a link or some version manager's script.
  java_on_path() {
    java=$(command -v java) || return
    real=$(readlink -f "$java" 2>/dev/null)
    if [ -r "${real%/bin/java}/release" ]; then
      printf '%s\n' "${real%/bin/java}"
    else
      "$java" -XshowSettings:properties -version 2>&1 </dev/null | sed -n 's/^ *java\.home = //p'
    fi
  }

  # Prints what macOS knows of.
  macos_java_home() {
    [ -x /usr/libexec/java_home ] || return
    /usr/libexec/java_home -F -v "$jdk_wanted" 2>/dev/null ||
      /usr/libexec/java_home -F -v "$jdk_wanted+" 2>/dev/null
  }

  if version=$(feature_version "${JAVA_HOME-}") && [ "$version" -ge "$jdk_wanted" ]; then
    printf '%s\n' "$JAVA_HOME"
    exit
  fi

  newer=
  newer_home=
  for home in \
    "$(java_on_path)" \
    /usr/lib/jvm/* \
    /opt/*jdk* \
    "${SDKMAN_DIR:-${HOME-}/.sdkman}"/candidates/java/* \
    "${HOME-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$(macos_java_home)" \
    "${GRAALVM_HOME-}"; do
    version=$(feature_version "$home") || continue
    if [ "$version" -eq "$jdk_wanted" ]; then
      printf '%s\n' "$home"
      exit
    fi
    if [ "$version" -gt "$jdk_wanted" ] && { [ -z "$newer" ] || [ "$version" -lt "$newer" ]; }; then
      newer=$version
      newer_home=$home
    fi
  done
  [ -n "$newer_home" ] && printf '%s\n' "$newer_home"
)

if ! JAVA_HOME=$(jdk_find); then
  echo "spire-doctor is built with JDK $jdk_wanted, and none was found: install it, for example with \`apt-get install temurin-$jdk_wanted-jdk\` or \`sdk install java $jdk_wanted-tem\`, or set JAVA_HOME to one." >&2
  exit 1
fi
export JAVA_HOME
unset -v jdk_wanted
unset -f jdk_find

# The wrapper unpacks Maven with unzip; a machine with nothing but a JDK has jar instead, which knows
# no file modes. Called as: unzip [-q] ARCHIVE -d DIRECTORY
if ! command -v unzip >/dev/null 2>&1; then
  unzip() {
    [ "$1" != -q ] || shift
    (set +f && cd "$3" && "$JAVA_HOME/bin/jar" -xf "$1" && chmod +x ./*/bin/mvn)
  }
fi
