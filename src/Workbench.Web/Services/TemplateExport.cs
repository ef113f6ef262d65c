using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;

namespace Workbench.Web.Services;

/// <summary>Writes a chat template into a model's folder.</summary>
public sealed class TemplateExport(ModelService models, TimeProvider clock)
{
    private const string ConfigFile = "tokenizer_config.json";
    private const string TemplateFileName = "chat_template.jinja";

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Sets <c>chat_template</c> in tokenizer_config.json, keeping what was beside it as a dated copy. Where the folder has a
    /// chat_template.jinja, which transformers prefers, that file is written as well.
    /// </summary>
    /// <returns>What was written and where the copies lie, in a sentence.</returns>
    /// <exception cref="UserInputException">The model is gone, or its files cannot be read or written.</exception>
    public async Task<string> WriteAsync(string modelId, string template, CancellationToken cancellationToken = default)
    {
        var folder = (await models.GetAsync(modelId, cancellationToken)).Path;
        var config = Path.Combine(folder, ConfigFile);
        try
        {
            var json = File.Exists(config) ? JsonNode.Parse(await File.ReadAllTextAsync(config, cancellationToken)) as JsonObject : [];
            if (json is null)
            {
                throw new UserInputException($"{ConfigFile} is not a JSON object.", "Repair the file, or download the template instead.", config);
            }

            json["chat_template"] = template;
            var copies = new List<string>();
            await ReplaceAsync(config, json.ToJsonString(Written) + "\n", copies, cancellationToken);
            var file = Path.Combine(folder, TemplateFileName);
            if (File.Exists(file))
            {
                await ReplaceAsync(file, template, copies, cancellationToken);
            }

            return copies.Count == 0 ? $"Written to {config}." : $"Written. What was there before lies in {string.Join(" and ", copies)}.";
        }
        catch (JsonException exception)
        {
            throw new UserInputException($"{ConfigFile} is {JsonErrors.Describe(exception)}.", "Repair the file, or download the template instead.", config, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"The template could not be written: {exception.Message}", "Check the folder's rights, or download the template instead.", folder, exception);
        }
    }

    /// <summary>The new file takes the old one's place in one step; the old one stays under a dated name.</summary>
    private async Task ReplaceAsync(string path, string text, List<string> copies, CancellationToken cancellationToken)
    {
        var fresh = path + ".new";
        await File.WriteAllTextAsync(fresh, text, cancellationToken);
        if (File.Exists(path))
        {
            var stem = $"{path}.{clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
            var copy = $"{stem}.bak";
            for (var i = 2; File.Exists(copy); i++)
            {
                copy = $"{stem}-{i}.bak";
            }

            File.Copy(path, copy);
            copies.Add(copy);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
