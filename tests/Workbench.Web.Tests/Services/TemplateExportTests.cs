using System.Text.Json.Nodes;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

public sealed class TemplateExportTests
{
    private const string Config = "tokenizer_config.json";

    [Fact]
    public async Task The_template_goes_into_the_config_and_what_was_there_is_kept()
    {
        await using var services = await TestServices.StartAsync();
        var (id, folder) = await ModelAsync(services);
        var before = File.ReadAllText(Path.Combine(folder, Config));
        var said = await services.Get<TemplateExport>().WriteAsync(id, "{{ '你好' }}");

        var expected = JsonNode.Parse(before)!;
        expected["chat_template"] = "{{ '你好' }}";
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(File.ReadAllText(Path.Combine(folder, Config)))));
        var copy = Assert.Single(Directory.GetFiles(folder, "*.bak"));
        Assert.Equal(before, File.ReadAllText(copy));
        Assert.Contains(copy, said, StringComparison.Ordinal);
        Assert.Equal("{{ '你好' }}", services.Get<TokenizerCache>().Get(folder).ChatTemplate);
    }

    [Fact]
    public async Task A_template_file_that_transformers_prefers_is_written_too_and_no_copy_overwrites_another()
    {
        await using var services = await TestServices.StartAsync();
        var (id, folder) = await ModelAsync(services);
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), "old");
        await services.Get<TemplateExport>().WriteAsync(id, "one");
        await services.Get<TemplateExport>().WriteAsync(id, "two");
        Assert.Equal("two", File.ReadAllText(Path.Combine(folder, "chat_template.jinja")));
        Assert.Equal(["old", "one"], Directory.GetFiles(folder, "chat_template.jinja.*.bak").Select(File.ReadAllText).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_config_that_is_broken_is_left_as_it_is()
    {
        await using var services = await TestServices.StartAsync();
        var (id, folder) = await ModelAsync(services);
        File.WriteAllText(Path.Combine(folder, Config), "{");
        var refused = await Assert.ThrowsAsync<UserInputException>(() => services.Get<TemplateExport>().WriteAsync(id, "x"));
        Assert.Contains(Config, refused.Message, StringComparison.Ordinal);
        Assert.Equal("{", File.ReadAllText(Path.Combine(folder, Config)));
    }

    private static async Task<(string Id, string Folder)> ModelAsync(TestServices services)
    {
        var folder = BrokenModels.Unspoilt(services.Root);
        return ((await services.Get<ModelService>().AddFolderAsync(folder)).Id, folder);
    }
}
