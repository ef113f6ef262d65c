using System.Text;
using Workbench.Data.Filters;
using Workbench.Web.Services;
using Workbench.Web.Tests.Support;

namespace Workbench.Web.Tests.Services;

/// <summary>Versions by recipes that ask a model.</summary>
public sealed class ModelRecipeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_recipe_names_the_weights_and_makes_the_version_again_with_no_others()
    {
        await using var services = await TestServices.StartAsync();
        var folder = Copy(Path.Combine(Shared.Root, "src", "Workbench.Web", "Starter", "model"), Path.Combine(services.Root, "model"));
        var model = await services.Get<ModelService>().AddFolderAsync(folder, "small", Cancel);
        var text = string.Join('\n', "the cat sleeps|two and two|zzzz qqq|good morning".Split('|').Select(line => $$"""{"text":"{{line}}"}"""));
        var report = await services.Get<DatasetService>().ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "rows.jsonl", cancellationToken: Cancel);
        var (id, recipes) = (report.Dataset.Id, services.Get<DatasetRecipes>());

        var version = (await recipes.ApplyAsync(
            id, Recipe.Parse($$"""{"steps":[{"op":"k_center","model":"{{model.Id}}","count":3},{"op":"perplexity","model":"small","column":"ppl"}]}"""), cancellationToken: Cancel)).Version;

        Assert.Equal(3, version.Rows);
        var rows = await services.Get<DatasetService>().RowsAsync(id, 0, 10);
        Assert.All(rows, row => Assert.True(row.GetProperty("ppl").GetDouble() > 1));
        Assert.Equal(2, version.Recipe!.Split("\"fingerprint\": \"").Skip(1).Select(rest => rest[..32]).Count(mark => mark.All(char.IsAsciiHexDigitLower)));
        Assert.Equal(version.ContentHash, await recipes.ReproduceAsync(id, 2, Cancel));

        var weights = Path.Combine(folder, "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(weights, Cancel);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes, Cancel);
        Assert.Contains("is not what it was", (await Assert.ThrowsAsync<OperatorException>(() => recipes.ReproduceAsync(id, 2, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_and_one_that_cannot_be_loaded_are_named()
    {
        await using var services = await TestServices.StartAsync();
        var report = await services.Get<DatasetService>().ImportAsync(new MemoryStream("{\"text\":\"a\"}"u8.ToArray()), "rows.jsonl", cancellationToken: Cancel);
        var recipes = services.Get<DatasetRecipes>();
        Task Preview(string model) => recipes.PreviewAsync(
            report.Dataset.Id, Recipe.Parse($$"""{"steps":[{"op":"perplexity","model":"{{model}}","max":9}]}"""), cancellationToken: Cancel);

        Assert.Contains("nobody", (await Assert.ThrowsAsync<UserInputException>(() => Preview("nobody"))).Message, StringComparison.Ordinal);
        var empty = Directory.CreateDirectory(Path.Combine(services.Root, "empty")).FullName;
        Assert.Contains(empty, (await Assert.ThrowsAsync<OperatorException>(() => Preview(empty))).Message, StringComparison.Ordinal);
    }

    private static string Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }
}
