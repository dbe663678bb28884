using System.Text.Json.Nodes;
using MailPlugin.Templates.Importing;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Templates;

/// <summary>Mail templates as ownCloud has them. The samples are written for these tests in the forms that its templates use.</summary>
public sealed class ImportTests
{
    const string ShareText = """
        <?php
        print_unescaped($l->t("Hello,\n\n%s shares %s with you.\nOpen: %s\n\n", array($_['user_displayname'], $_['filename'], $_['link'])));
        if ( isset($_['expiration']) ) {
            print_unescaped($l->t("Until %s.", array($_['expiration'])));
            print_unescaped("\n\n");
        }
        // TRANSLATORS the end
        p($l->t("Bye!"));
        ?>

        --
        <?php p($theme->getName() . ' - ' . $theme->getSlogan()); ?>
        """;

    const string ResetHtml = """
        <table><tr><td bgcolor="<?php p($theme->getMailHeaderColor());?>"><img src="<?php p(\OC::$server->getURLGenerator()->getAbsoluteURL(image_path('', 'logo.gif'))); ?>" alt="<?php p($theme->getName()); ?>"/></td></tr>
        <tr><td>
        <?php
        /** ' { comment */
        print_unescaped(str_replace('{link}', "<a href=\"{$_['link']}\">{$_['link']}</a>", $l->t('Reset your password: {link}')));
        print_unescaped("<br>");
        p($l->t("Bread & butter"));
        ?>
        </td></tr></table>
        <?php print_unescaped($this->inc('html.mail.footer')); ?>
        """;

    const string Activity = """
        <?php
        $l = $_['overwriteL10N'];
        print_unescaped($l->t('Hello %s,', [$_['username']]));
        p("\n");
        foreach ($_['activities'] as $activityData) {
            print_unescaped($l->t('* %1$s - %2$s', $activityData));
            p("\n");
        }
        if ($_['skippedCount']) {
            print_unescaped($l->n('one more', 'and %n more', $_['skippedCount']));
        }
        """;

    [Fact]
    public void A_share_mail_of_text()
    {
        var (draft, report) = OwnCloudImport.Read(ShareText);

        Assert.Equal("""
            Hello,

            {{user_displayname}} shares {{filename}} with you.
            Open: {{link}}

            {{#if expiration}}Until {{expiration}}.

            {{/if}}Bye!
            --
            {{@brand.name}} -

            """, draft.Text);
        Assert.Null(draft.Html);
        Assert.Equal("{{user_displayname}} shared \"{{filename}}\" with you", draft.Subject);
        Assert.Equal(["user_displayname", "filename", "link", "expiration", "$theme->getName()"], report.Recognised);
        Assert.Equal(["$theme->getSlogan()"], report.Ignored.Select(entry => entry.Name));
        Assert.Contains(report.Warnings, warning => warning.English == "filename: the template share-notification calls it item.");
    }

    [Fact]
    public void A_reset_mail_of_HTML()
    {
        var (draft, report) = OwnCloudImport.Read(ResetHtml);

        Assert.Equal("""
            <table><tr><td bgcolor="{{@brand.color}}"><img src="" alt="{{@brand.name}}"/></td></tr>
            <tr><td>
            Reset your password: <a href="{{link}}">{{link}}</a><br>Bread &amp; butter</td></tr></table>

            """, draft.Html);
        Assert.Equal((null, "Reset your password"), (draft.Text, draft.Subject));
        Assert.Equal(["\\OC::$server->getURLGenerator()->getAbsoluteURL(…) (1)", "$this->inc(…)"], report.Ignored.Select(entry => entry.Name));
        Assert.Equal("<table><tr><td bgcolor=\"#2457d6\"><img src=\"\" alt=\"Sender\"/></td></tr>\n<tr><td>\nReset your password: <a href=\"https://a/?b&amp;c\">https://a/?b&amp;c</a><br>Bread &amp; butter</td></tr></table>\n",
            Rendered.Html(draft.Html!, """{ "link": "https://a/?b&c" }"""));
    }

    [Fact]
    public void A_mail_in_Chinese_is_given_a_subject_in_Chinese()
    {
        var (draft, report) = OwnCloudImport.Read("<?php\n\necho str_replace('{link}', $_['link'], $l->t('点击下面的链接来重置你的密码。\n如果你并不想要重置密码，请忽略它。 {link}'));");

        Assert.Equal(("重置密码", "点击下面的链接来重置你的密码。\n如果你并不想要重置密码，请忽略它。 {{link}}\n"), (draft.Subject, draft.Text));
        Assert.Equal(["link"], report.Recognised);
    }

    [Fact]
    public void An_activity_mail_with_its_list_and_its_plural()
    {
        var (draft, _) = OwnCloudImport.Read(Activity);

        Assert.Equal("Activity notification", draft.Subject);
        Assert.Equal("Hello Ann,\n* file - shared\n* other - changed\nand 3 more", Rendered.Text(draft.Text!, """{ "username": "Ann", "activities": [["file", "shared"], ["other", "changed"]], "skippedCount": 3 }"""));
        Assert.EndsWith("one more", Rendered.Text(draft.Text!, """{ "skippedCount": 1 }"""), StringComparison.Ordinal);
        Assert.Equal("Hello ,\n", Rendered.Text(draft.Text!) + "\n");
    }

    [Theory]
    [InlineData("Use {link} to go on, {{name}}.", "Use {{link}} to go on, { {name}}.\n")]
    [InlineData("<?= $_['a'] ?>-<?php echo $_['b'], ' c'; ?>", "{{a}}-{{b}} c\n")]
    [InlineData("<?php if (!empty($_['a'])): ?>A<?php elseif ($_['b'] !== ''): ?>B<?php else: ?>C<?php endif; ?>", "{{#if a}}A{{else}}{{#if b}}B{{else}}C{{/if}}{{/if}}\n")]
    [InlineData("<?php if (empty($_['a'])) { echo 'none'; } else if (count($_['b']) > 0) echo 'some';", "{{#unless a}}none{{else}}{{#if b}}some{{/if}}{{/unless}}\n")]
    [InlineData("<?php foreach ($_['list'] as $key => $item): ?>[<?php p($item['name']); p($key); ?>]<?php endforeach; ?>", "{{#each list as |item key|}}[{{item.name}}{{key}}]{{/each}}\n")]
    [InlineData("<?php $who = $_['user']; echo \"Hi $who and {$_['other']['name']} and $_[third]\";", "Hi {{user}} and {{other.name}} and {{third}}\n")]
    [InlineData("<?php echo sprintf('%2$s %1$s 100%%', $_['a'], 'x');", "x {{a}} 100%\n")]
    [InlineData("<?php echo isset($_['a']) ? $_['a'] : 'none';", "{{#if a}}{{a}}{{else}}none{{/if}}\n")]
    [InlineData("<?php echo str_replace(['{a}', '{b}'], [$_['x'], $_['y']], 'p {a} q {b} r {c}');", "p {{x}} q {{y}} r {{c}}\n")]
    [InlineData("<?php echo htmlspecialchars(nl2br($_['text'])); // ?>after", "{{text}}after\n")]
    [InlineData("<?php echo $_['if'], $_['with blank'], $_['a\"b'];", "{{this.if}}{{[with blank]}}{{a_b}}\n")]
    [InlineData("<?php /* never closed", "\n")]
    public void The_forms_that_PHP_mail_templates_have(string php, string expected) => Assert.Equal(expected, OwnCloudImport.Read(php).Draft is var draft ? draft.Text ?? draft.Html : null);

    [Theory]
    [InlineData("<?php system('touch /tmp/never'); ?>x", "system (")]
    [InlineData("<?php echo shell_exec($_['cmd']); ?>x", "shell_exec(…)")]
    [InlineData("<?php include '/etc/passwd'; ?>x", "include /etc/passwd")]
    [InlineData("<?php echo file_get_contents('/etc/passwd'); ?>x", "file_get_contents(…)")]
    [InlineData("<?php while (true) { echo 'x'; } ?>x", "while (")]
    public void Whatever_else_is_left_and_told(string php, string name)
    {
        var (draft, report) = OwnCloudImport.Read(php);

        Assert.EndsWith("x\n", draft.Text, StringComparison.Ordinal);
        Assert.Contains(report.Ignored, entry => entry.Name.StartsWith(name, StringComparison.Ordinal));
        Assert.DoesNotContain("root:", draft.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_choices_one_behind_the_other_are_no_depth()
    {
        const string Choice = "<?php if (!empty($_['a'])): ?>A<?php elseif ($_['b'] !== ''): ?>B<?php endif; ?>";

        var (draft, report) = OwnCloudImport.Read(string.Concat(Enumerable.Repeat(Choice, 60)) + "<?php p($_['z']); ?>");

        Assert.Empty(report.Ignored);
        Assert.Contains("{{z}}", draft.Text ?? draft.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_no_danger()
    {
        foreach (var (open, close) in new[] { ("(", ")"), ("[", "]"), ("if ($_['a']) {", "}"), ("$l->t(", ")"), ("!", ""), ("foreach ($_['a'] as $b) {", "}"), ("if ($_['a']): ", " elseif ($_['b']): ") })
        {
            var (draft, _) = OwnCloudImport.Read("<?php echo " + string.Concat(Enumerable.Repeat(open, 20_000)) + "'x'" + string.Concat(Enumerable.Repeat(close, 20_000)));
            Assert.NotNull(Rendered.Workshop.Prepare(draft).Template);
        }
    }

    [Fact]
    public async Task Over_REST_it_saves_nothing_and_its_draft_can_be_saved()
    {
        await using var host = await PluginHost.StartAsync();

        var answer = await host.CallAsync(HttpMethod.Post, "templates/import", new JsonObject { ["format"] = "owncloud", ["text"] = ShareText }, language: "zh");

        Assert.Equal(200, answer.Status);
        Assert.Contains(answer.Json["warnings"]!.AsArray(), warning => warning!.GetValue<string>().Contains("模板 share-notification", StringComparison.Ordinal));
        Assert.Equal(200, (await host.SaveAsync("share-notification", answer.Json["draft"]!.DeepClone().AsObject(), "\"0\"")).Status);
        Assert.Equal(["format", "text"], (await host.CallAsync(HttpMethod.Post, "templates/import", new JsonObject { ["format"] = "php" })).ErrorPaths.Order());
        Assert.Equal(413, (await host.CallAsync(HttpMethod.Post, "templates/import", new JsonObject { ["text"] = new string('x', (256 * 1024) + 1) })).Status);
    }
}
