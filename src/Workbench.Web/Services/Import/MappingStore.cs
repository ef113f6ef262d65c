using System.Text.Json;
using Workbench.Data.Formats;
using Workbench.Data.Formats.Shapes;

namespace Workbench.Web.Services.Import;

/// <summary>Mappings of columns, kept by name to be used for the next file of the kind.</summary>
public sealed class MappingStore(DataFolder folder)
{
    private readonly Lock sync = new();

    private string PathOfAll => Path.Combine(folder.Root, "mappings.json");

    /// <summary>All of them, by name.</summary>
    /// <exception cref="UserInputException">Their file was damaged by hand.</exception>
    public IReadOnlyDictionary<string, ColumnMapping> All()
    {
        lock (sync)
        {
            return new SortedDictionary<string, ColumnMapping>(
                Read().ToDictionary(pair => pair.Key, pair => ColumnMapping.Parse(pair.Value.GetRawText())), StringComparer.Ordinal);
        }
    }

    /// <summary>Keeps one; another of the same name goes.</summary>
    /// <exception cref="UserInputException">The name is empty, or the disk is full.</exception>
    public void Save(string name, ColumnMapping mapping)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new UserInputException("The mapping has no name.", "Give it one.", "mapping");
        }

        Write(all => all[name.Trim()] = JsonSerializer.Deserialize<JsonElement>(mapping.ToJson()));
    }

    public void Delete(string name) => Write(all => all.Remove(name));

    private void Write(Action<Dictionary<string, JsonElement>> change)
    {
        lock (sync)
        {
            var all = Read();
            change(all);
            try
            {
                File.WriteAllText(PathOfAll + ".new", JsonSerializer.Serialize(all));
                File.Move(PathOfAll + ".new", PathOfAll, overwrite: true);
            }
            catch (IOException exception)
            {
                throw new UserInputException($"The mapping could not be kept: {exception.Message}", "Check the free space of the data folder.", folder.Root, exception);
            }
        }
    }

    private Dictionary<string, JsonElement> Read()
    {
        if (!File.Exists(PathOfAll))
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(PathOfAll)) ?? [];
        }
        catch (JsonException exception)
        {
            throw new UserInputException($"The saved mappings cannot be read: {exception.Message}", "Correct the file, or take it away.", PathOfAll, exception);
        }
    }
}
