using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class TemplateVersionTests
{
    [Fact]
    public async Task Every_saving_that_changes_the_text_keeps_what_was()
    {
        await using var services = await TestServices.StartAsync();
        var templates = services.Get<TemplateService>();
        foreach (var text in (string[])["a", "b", "b", "a"])
        {
            await templates.SaveAsync("mine", text);
        }

        var id = (await templates.ListAsync()).Single().Id;
        Assert.Equal([(3, "a"), (2, "b"), (1, "a")], (await templates.VersionsAsync(id)).Select(version => (version.Number, version.Text)));
    }

    [Fact]
    public async Task Only_the_newest_versions_are_kept_and_deleting_takes_all()
    {
        await using var services = await TestServices.StartAsync();
        var templates = services.Get<TemplateService>();
        for (var i = 1; i <= TemplateService.MaxVersions + 3; i++)
        {
            await templates.SaveAsync("mine", $"{i}");
        }

        var id = (await templates.ListAsync()).Single().Id;
        var versions = await templates.VersionsAsync(id);
        Assert.Equal((TemplateService.MaxVersions, 4), (versions.Count, versions[^1].Number));
        await templates.DeleteAsync(id);
        Assert.Empty(await templates.VersionsAsync(id));
    }
}
