"""Bumble's advertisements and attributes as bleak shows them."""

from collections.abc import Callable

from bleak.assigned_numbers import CHARACTERISTIC_PROPERTIES, CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.scanner import AdvertisementData
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement
from bumble.gatt_client import CharacteristicProxy, ServiceProxy


def advertisement_data(advertisement: Advertisement) -> AdvertisementData:
    """What an advertisement holds."""
    data = advertisement.data
    manufacturer = data.get_all(AdvertisingData.Type.MANUFACTURER_SPECIFIC_DATA)
    services = data.get_all(AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS)
    name = data.get(AdvertisingData.Type.COMPLETE_LOCAL_NAME)
    return AdvertisementData(
        local_name=name,
        manufacturer_data=dict(manufacturer),
        service_data={},
        service_uuids=[_uuid(uuid) for found in services for uuid in found],
        tx_power=None,
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )


def _uuid(uuid: UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-"))


def service_collection(services: list[ServiceProxy], room: Callable[[], int]) -> BleakGATTServiceCollection:
    """A peer's services; `room` tells how much a write without response holds."""
    collection = BleakGATTServiceCollection()
    for service in services:
        entry = BleakGATTService(service, service.handle, _uuid(service.uuid))
        collection.add_service(entry)
        for characteristic in service.characteristics:
            collection.add_characteristic(_characteristic(characteristic, entry, room))
            for descriptor in characteristic.descriptors:
                owner = collection.characteristics[characteristic.handle]
                collection.add_descriptor(
                    BleakGATTDescriptor(descriptor, descriptor.handle, _uuid(descriptor.type), owner)
                )
    return collection


def _characteristic(
    proxy: CharacteristicProxy[bytes], service: BleakGATTService, room: Callable[[], int]
) -> BleakGATTCharacteristic:
    properties: list[CharacteristicPropertyName] = [
        name for bit, name in CHARACTERISTIC_PROPERTIES.items() if proxy.properties & bit
    ]
    return BleakGATTCharacteristic(proxy, proxy.handle, _uuid(proxy.uuid), properties, room, service)
