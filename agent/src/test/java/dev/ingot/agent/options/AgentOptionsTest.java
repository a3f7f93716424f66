package dev.ingot.agent.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.agent.OptionsException;
import dev.ingot.agent.log.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentOptionsTest {

    @Test
    void emptyTextGivesTheDefaults() {
        AgentOptions options = AgentOptions.parse("");

        assertThat(options).isEqualTo(AgentOptions.parse(null));
        assertThat(options.images())
                .isEqualTo(new ImageOptions(
                        Path.of(System.getProperty("user.home"), ".ingot", "images"),
                        null,
                        null,
                        false,
                        false,
                        null,
                        null,
                        null));
        assertThat(options.trigger()).isEqualTo(new TriggerOptions(null, SigtermAction.NONE, null));
        assertThat(options.resume()).isEqualTo(new ResumeOptions(ResumeSource.NONE, null, Map.of(), ""));
        assertThat(options.capture())
                .isEqualTo(new CaptureOptions(
                        Duration.ofSeconds(30),
                        FilePolicy.STRICT,
                        NativePolicy.REFUSE,
                        true,
                        new NamePatterns(List.of())));
        assertThat(options.control()).isEqualTo(new ControlOptions(true, null));
        assertThat(options.log()).isEqualTo(new LogOptions(LogLevel.QUIET, null));
        assertThat(options.weaving().dump()).isNull();
        assertThat(options.weaving().weaves("com/acme/Main")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = OptionKey.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NAME"})
    void everyDefaultMayBeWrittenOut(OptionKey key) {
        assertThat(AgentOptions.parse(key.key() + "=" + key.fallback())).isEqualTo(AgentOptions.parse(""));
    }

    @Test
    void anImageMayBeNamedLater() {
        assertThat(AgentOptions.parse("resume=await:/w/go").resume())
                .isEqualTo(new ResumeOptions(ResumeSource.AWAITED, Path.of("/w/go"), Map.of(), ""));
        assertThatThrownBy(() -> AgentOptions.parse("resume=await:")).hasMessageContaining("needs a path");
    }

    @Test
    void readsEveryOption() {
        AgentOptions options = AgentOptions.parse("images=/i,name=job-7.a,every=30s,on-sigterm=suspend,resume=/i/x,"
                + "buffer=64m,incremental=on,offload=on,torture=5ms,deadline=1m,dump=/d,log=debug,log-file=/var/log/ingot.log,control=/run/me,files=accept,hooks=off,"
                + "include=com.acme.*;org.x.Y,exclude=com.acme.gen*,native=allow,secrets=db.*;*-token");

        assertThat(options.images())
                .isEqualTo(new ImageOptions(Path.of("/i"), "job-7.a", 64L << 20, true, true, null, null, null));
        assertThat(options.trigger())
                .isEqualTo(new TriggerOptions(Duration.ofSeconds(30), SigtermAction.SUSPEND, Duration.ofMillis(5)));
        assertThat(options.resume()).isEqualTo(new ResumeOptions(ResumeSource.IMAGE, Path.of("/i/x"), Map.of(), ""));
        assertThat(options.capture())
                .isEqualTo(new CaptureOptions(
                        Duration.ofMinutes(1),
                        FilePolicy.ACCEPT,
                        NativePolicy.ALLOW,
                        false,
                        new NamePatterns(List.of("db.*", "*-token"))));
        assertThat(options.weaving().dump()).isEqualTo(Path.of("/d"));
        assertThat(options.weaving().weaves("com.acme.Main")).isTrue();
        assertThat(options.weaving().weaves("com.acme.gen.Main")).isFalse();
        assertThat(options.weaving().weaves("org.x.Z")).isFalse();
        assertThat(options.control()).isEqualTo(new ControlOptions(true, Path.of("/run/me")));
        assertThat(options.log()).isEqualTo(new LogOptions(LogLevel.DEBUG, Path.of("/var/log/ingot.log")));
    }

    @Test
    void imagesSayWhatChangedWhereTheyArePeriodic() {
        assertThat(AgentOptions.parse("").images().incremental()).isFalse();
        assertThat(AgentOptions.parse("every=1s").images().incremental()).isTrue();
        assertThat(AgentOptions.parse("every=1s,incremental=off").images().incremental())
                .isFalse();
        assertThat(AgentOptions.parse("incremental=on").images().incremental()).isTrue();
    }

    @Test
    void namesTheDevicesThatStandInForOthers() {
        assertThat(AgentOptions.parse("devices=gpu=cpu;fpga:1=cpu:0").resume().devices())
                .containsOnly(Map.entry("gpu", "cpu"), Map.entry("fpga:1", "cpu:0"));
        assertThatThrownBy(() -> AgentOptions.parse("devices=gpu"))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("devices=gpu: must be OLD=NEW, such as gpu=cpu");
    }

    @Test
    void resumesTheNewestImageOnAuto() {
        assertThat(AgentOptions.parse("resume=auto").resume())
                .isEqualTo(new ResumeOptions(ResumeSource.NEWEST, null, Map.of(), ""));
    }

    @Test
    void turnsControlOff() {
        assertThat(AgentOptions.parse("control=off").control()).isEqualTo(new ControlOptions(false, null));
    }

    @ParameterizedTest
    @CsvSource({
        "250us,250000",
        "5ms,5000000",
        "30s,30000000000",
        "2m,120000000000",
        "1h,3600000000000",
        "1d,86400000000000"
    })
    void readsDurations(String text, long nanos) {
        assertThat(AgentOptions.parse("every=" + text).trigger().every()).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-5s", "5 s", "5sec", "1.5s", "0s", "99999999999999999999s", "300000d"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> AgentOptions.parse("deadline=" + text))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("deadline=" + text + ": ");
    }

    @ParameterizedTest
    @CsvSource({"0k,0", "3k,3072", "64m,67108864", "2G,2147483648"})
    void readsSizes(String text, long bytes) {
        assertThat(AgentOptions.parse("buffer=" + text).images().buffer()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-5m", "5 m", "64", "64mb", "1.5g", "9999999999k"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> AgentOptions.parse("buffer=" + text))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("buffer=" + text + ": ");
    }

    @Test
    void namesAKeyWithoutSayingWhatMayBeASecret() {
        assertThat(AgentOptions.parse("key=pkcs12:/k?alias=a").images().key()).hasToString("pkcs12:/k?alias=a");
        assertThatThrownBy(() -> AgentOptions.parse("key=pkcs12:/k?password=hunter2"))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("key=pkcs12:/k: parameter 'password' is not known")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> AgentOptions.parse("key="))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("must be file:PATH");
    }

    @Test
    void refusesKeysOfSignaturesThatCannotBeRead() {
        assertThatThrownBy(() -> AgentOptions.parse("sign=/none/own.key,trusted=/none/trusted"))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("sign=/none/own.key: cannot use key /none/own.key: the file cannot be read")
                .hasMessageContaining("trusted=/none/trusted: cannot use key /none/trusted: it cannot be read");
        assertThatThrownBy(() -> AgentOptions.parse("sign=")).hasMessageContaining("sign=: needs a path");
    }

    @Test
    void keepsAnEscapedCommaInAValue() {
        assertThat(AgentOptions.parse("images=/a\\,b,name=n").images())
                .isEqualTo(new ImageOptions(Path.of("/a,b"), "n", null, false, false, null, null, null));
    }

    @Test
    void ignoresEmptyItems() {
        assertThat(AgentOptions.parse(",log=info,,")).isEqualTo(AgentOptions.parse("log=info"));
    }

    @Test
    void reportsAllProblemsAtOnceInTheirOrder() {
        OptionsException failure = catchThrowableOfType(
                OptionsException.class,
                () -> AgentOptions.parse(
                        "evry=30s,log,deadline=10,on_sigterm=suspend,images=/a,images=/b,files=acept"));

        assertThat(failure.problems())
                .containsExactly(
                        "evry=30s: there is no option 'evry'; did you mean 'every'?",
                        "log: needs a value: log=quiet|info|debug",
                        "on_sigterm=suspend: there is no option 'on_sigterm'; did you mean 'on-sigterm'?",
                        "images=/b: given before as '/a'; keep one of them",
                        "deadline=10: needs a unit: us, ms, s, m, h or d; did you mean 'deadline=10s'?",
                        "files=acept: must be strict|accept; did you mean 'files=accept'?");
        assertThat(failure.getMessage()).hasLineCount(7);
    }

    @Test
    void listsTheOptionsWhereNoneIsNear() {
        assertThatThrownBy(() -> AgentOptions.parse("frobnicate=1"))
                .hasMessageContaining(
                        "there is no option 'frobnicate'; there are images, name, buffer, key, sign, trusted, incremental, offload, every");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", ".hidden", "a b", "ä"})
    void refusesANameThatCannotBeAFileName(String name) {
        assertThatThrownBy(() -> AgentOptions.parse("name=" + name)).isInstanceOf(OptionsException.class);
    }

    @Test
    void suggestsDotsInAPatternWithSlashes() {
        assertThatThrownBy(() -> AgentOptions.parse("exclude=com/acme/*"))
                .hasMessageContaining("did you mean 'exclude=com.acme.*'?");
    }
}
